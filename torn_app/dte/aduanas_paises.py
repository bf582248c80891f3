"""Countries by the codes of the customs service (CodPaisRecep, CodPaisDestin, Nacionalidad).

Source: Servicio Nacional de Aduanas, Compendio de Normas Aduaneras, annex 51-9. Countries that no longer exist and
rows that are no country are left out.
"""

from typing import Final

_TABLA = """
101 Senegal; 102 Gambia; 103 Guinea-Bissau; 104 Guinea; 105 Sierra Leona; 106 Liberia; 107 Costa de Marfil; 108 Ghana
109 Togo; 111 Nigeria; 112 Sudáfrica; 113 Botswana; 114 Lesotho; 115 Malawi; 116 Zimbabwe; 117 Zambia; 118 Comoras
119 Mauricio; 120 Madagascar; 121 Mozambique; 122 Swazilandia; 123 Sudán; 124 Egipto; 125 Libia; 126 Túnez
127 Argelia; 128 Marruecos; 129 Cabo Verde; 130 Chad; 131 Níger; 133 Mali; 134 Mauritania; 135 Tanzania; 136 Uganda
137 Kenia; 138 Somalia; 139 Etiopía; 140 Angola; 141 Burundi; 142 Rwanda; 143 Rep. Dem. Congo; 144 Congo; 145 Gabón
146 Santo Tomé y Príncipe; 147 Guinea Ecuatorial; 148 Rep. Centroafricana; 149 Camerún; 150 Benin; 155 Djibouti
156 Seychelles; 159 Namibia; 160 Sudán del Sur; 161 Burkina Faso; 163 Eritrea; 164 Islas Marshall; 165 Saharaui
201 Venezuela; 202 Colombia; 203 Trinidad y Tobago; 204 Barbados; 205 Jamaica; 206 República Dominicana; 207 Bahamas
208 Haití; 209 Cuba; 210 Panamá; 211 Costa Rica; 212 Nicaragua; 213 El Salvador; 214 Honduras; 215 Guatemala
216 México; 217 Guyana; 218 Ecuador; 219 Perú; 220 Brasil; 221 Bolivia; 222 Paraguay; 223 Uruguay; 224 Argentina
225 Estados Unidos; 226 Canadá; 231 Dominica; 232 Granada; 233 Santa Lucía; 234 San Vicente y Granadinas; 235 Surinam
236 Belice; 240 Antigua y Barbuda; 241 Saint Kitts y Nevis; 242 Anguila; 243 Aruba; 244 Bermudas
245 Islas Vírgenes Británicas; 246 Islas Cayman; 247 Antillas Neerlandesas; 248 Turcas y Caicos; 250 Martinica
251 Puerto Rico; 252 Monserrat; 253 Groenlandia; 301 Jordania; 302 Arabia Saudita; 303 Kuwait; 304 Omán; 305 Chipre
306 Israel; 307 Irak; 308 Afganistán; 309 Irán; 310 Siria; 311 Líbano; 312 Qatar; 313 Bahrein; 314 Sri Lanka
315 Cambodia; 316 Laos; 317 India; 318 Bhután; 319 Thailandia; 320 Nepal; 321 Bangladesh; 324 Pakistán; 325 Vietnam
326 Myanmar; 327 Islas Maldivas; 328 Indonesia; 329 Malasia; 330 Taiwán; 331 Japón; 332 Singapur; 333 Corea del Sur
334 Corea del Norte; 335 Filipinas; 336 China; 337 Mongolia; 341 Emiratos Árabes Unidos; 342 Hong Kong; 344 Brunei
345 Macao; 346 Yemen; 401 Fiji; 402 Nauru; 403 Islas Tonga; 404 Samoa Occidental; 405 Nueva Zelandia; 406 Australia
412 Papúa Nueva Guinea; 415 Vanuatu; 416 Kiribati; 417 Micronesia; 418 Islas Salomón; 419 Tuvalu; 420 Palau; 421 Niue
422 Polinesia Francesa; 423 Nueva Caledonia; 424 Islas Marianas del Norte; 425 Guam; 426 Timor Oriental
427 Islas Cook; 501 Portugal; 504 Italia; 505 Francia; 506 Irlanda; 507 Dinamarca; 508 Suiza; 509 Austria
510 Reino Unido; 511 Suecia; 512 Finlandia; 513 Noruega; 514 Bélgica; 515 Holanda; 516 Islandia; 517 España
518 Albania; 519 Rumania; 520 Grecia; 522 Turquía; 523 Malta; 524 Santa Sede; 525 Andorra; 527 Bulgaria; 528 Polonia
530 Hungría; 532 Luxemburgo; 534 Liechtenstein; 535 Mónaco; 536 San Marino; 540 Armenia; 541 Azerbaijan; 542 Belarus
543 Bosnia y Herzegovina; 544 República Checa; 545 República Eslovaca; 546 Serbia; 547 Croacia; 548 Eslovenia
549 Estonia; 550 Georgia; 551 Kazajstán; 552 Kirgistán; 553 Letonia; 554 Lituania; 555 Macedonia; 556 Moldova
557 Tadjikistán; 558 Turkmenistán; 559 Ucrania; 560 Uzbekistán; 561 Montenegro; 562 Rusia; 563 Alemania; 565 Gibraltar
566 Guernsey; 567 Isla de Man; 568 Jersey; 997 Chile
"""

PAISES: Final = {
    int(code): name
    for row in _TABLA.strip().splitlines()
    for code, name in (item.split(" ", 1) for item in row.split("; "))
}
"""Name by code."""
