"""Ports, airports and border passes by the codes of the customs service (CodPtoEmbarque, CodPtoDesemb).

Source: Servicio Nacional de Aduanas, Compendio de Normas Aduaneras, annex 51-11. Rows of the table that stand for
"others of the country" are left out: they have no name of their own. Chilean ones start at 900.
"""

from typing import Final

_TABLA = """
111 Montreal; 113 Halifax; 114 Vancouver; 115 Saint John; 116 Toronto; 118 Bayside; 120 Port Cartier; 124 Quebec
125 Prince Rupert; 126 Hamilton; 131 Boston; 132 New Haven; 133 Bridgeport; 134 New York; 135 Filadelfia
136 Baltimore; 137 Norfolk; 138 Wilmington; 139 Charleston; 140 Savannah; 141 Miami; 142 Everglades; 143 Jacksonville
145 Palm Beach; 146 Baton Rouge; 148 Pittsburgh; 149 Duluth; 150 Milwaukee; 151 Tampa; 152 Pensacola; 153 Mobile
154 New Orleans; 155 Port Arthur; 156 Galveston; 157 Corpus Christi; 158 Brownsville; 159 Houston; 160 Oakland
161 Stockton; 171 Seattle; 172 Portland; 173 San Francisco; 174 Los Angeles; 175 Long Beach; 176 San Diego
199 Los Vilos; 201 Puchoco; 202 Oxiquim; 203 T. Gasero Abastible; 204 Patache; 205 Calbuco; 206 Michilla
207 Puerto Angamos; 208 Poseidón; 209 Tres Puentes; 211 Tampico; 213 Veracruz; 214 Coatzacoalcos; 215 Guaymas
216 Mazatlán; 217 Manzanillo; 218 Acapulco; 220 Altamira; 221 Cristóbal; 222 Balboa; 223 Colón; 232 Buenaventura
233 Barranquilla; 242 Guayaquil; 252 Callao; 253 Ilo; 254 Iquitos; 262 Buenos Aires; 263 Necochea; 264 Mendoza
265 Córdoba; 266 Bahía Blanca; 267 Comodoro Rivadavia; 268 Puerto Madryn; 269 Mar del Plata; 270 Rosario
272 Montevideo; 282 La Guaira; 285 Maracaibo; 292 Santos; 293 Rio Janeiro; 294 Rio Grande del Sur; 295 Paranagua
296 Sao Paulo; 297 Salvador; 302 Curazao; 411 Shanghai; 412 Dairen; 421 Nanpo; 422 Busan; 431 Manila; 442 Osaka
443 Kobe; 444 Yokohama; 445 Nagoya; 446 Shimizu; 447 Moji; 448 Yawata; 449 Fukuyama; 451 Kaohsiung; 452 Keelung
461 Karhg Island; 471 Calcuta; 481 Chalna; 492 Hong Kong; 511 Constanza; 521 Varna; 533 Belgrado; 535 Podgoritsa
538 Rijeka; 542 Génova; 543 Liorna, Livorno; 544 Nápoles; 545 Salerno; 546 Augusta; 547 Savona; 552 La Pallice
553 Le Havre; 554 Marsella; 555 Burdeos; 556 Calais; 557 Brest; 558 Ruan; 562 Cádiz; 563 Barcelona; 564 Bilbao
565 Huelva; 566 Sevilla; 567 Tarragona; 571 Liverpool; 572 Londres; 573 Rochester; 577 Dover; 578 Plymouth
581 Helsinki; 583 Hanko; 584 Kemi; 585 Kokkola; 586 Kotka; 587 Oulu; 588 Pietarsaari; 589 Pori; 591 Bremen
592 Hamburgo; 593 Nuremberg; 594 Frankfurt; 595 Dusseldorf; 597 Cuxhaven; 598 Rostock; 599 Oldenburg; 601 Amberes
603 Zeebrugge; 604 Ghent; 605 Oostende; 611 Lisboa; 613 Setúbal; 621 Amsterdam; 622 Rotterdam; 631 Gotemburgo
633 Malmo; 634 Helsingborg; 635 Kalmar; 641 Aarhus; 642 Copenhagen; 644 Aalborg; 645 Odense; 651 Oslo; 653 Stavanger
711 Durban; 712 Ciudad del Cabo; 714 Saldanha; 715 Port-Elizabeth; 716 Mossel-Bay; 717 East-London; 811 Sidney
812 Fremantle; 814 Adelaida; 815 Darwin; 816 Geraldton; 901 Arica; 902 Iquique; 903 Antofagasta; 904 Coquimbo
905 Valparaíso; 906 San Antonio; 907 Talcahuano; 908 San Vicente; 909 Lirquén; 910 Puerto Montt; 911 Chacabuco
912 Punta Arenas; 913 Patillos; 914 Tocopilla; 915 Mejillones; 916 Taltal; 917 Chañaral; 918 Caldera; 919 Calderilla
920 Huasco; 921 Quintero; 922 Juan Fernández; 923 Constitución; 924 Tomé; 925 Penco; 926 Coronel; 927 Lota; 928 Lebu
929 Isla de Pascua; 930 Corral; 931 Ancud; 932 Castro; 933 Quellón; 934 Chaitén; 935 Tortel; 936 Natales; 937 Guarello
938 Cutter Cove; 939 Percy; 940 Clarencia; 941 Gregorio; 942 Cabo Negro; 943 Puerto Williams
944 Territorio Antártico Chileno; 945 Salinas; 946 Guayacán; 947 Punta Delgada; 948 Ventanas; 949 Pino Hachado
950 Caleta Coloso; 951 Aguas Negras; 952 Zona Franca Iquique; 953 Zona Franca Punta Arenas; 954 Río Mayer
955 Río Mosco; 956 Visviri; 957 Chacalluta; 958 Chungará; 959 Colchane; 960 Abra de Napa; 961 Ollagüe
962 San Pedro de Atacama; 963 Socompa; 964 San Francisco; 965 Los Libertadores; 966 Mahuil Malal; 967 Cardenal Samoré
968 Pérez Rosales; 969 Futaleufú; 970 Palena-Carrenleufú; 971 Panguipulli; 972 Huahum; 973 Lago Verde; 974 Appeleg
975 Pampa Alta; 976 Huemules; 977 Chile Chico; 978 Baker; 979 Dorotea; 980 Casas Viejas; 981 Monte Aymond
982 San Sebastián; 983 Coyhaique Alto; 984 Triana; 985 Ibáñez Palavicini; 986 Villa O'Higgins; 987 Aerop. Chacalluta
988 Aerop. Diego Aracena; 989 Aerop. Cerro Moreno; 990 Aerop. El Tepual; 991 Aerop. C.I. del Campo
992 Aerop. A.M. Benítez; 993 CAP Huachipato; 994 Arica-Tacna; 995 Arica-La Paz; 996 Term. Petrolero ENAP
998 Paso Jama
"""

PUERTOS: Final = {
    int(code): name
    for row in _TABLA.strip().splitlines()
    for code, name in (item.split(" ", 1) for item in row.split("; "))
}
"""Name by code."""
PRIMER_PUERTO_CHILENO: Final = 900
"""From this code on they are in Chile."""
