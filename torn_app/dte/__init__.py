"""The fiscal core: values and pure functions, bytes in, bytes out.

Never belongs here: database, web, clock, environment, files, random numbers. What a function needs is an argument.
Sources cited in the docstrings: SII, "Formato Documentos Tributarios Electrónicos" v2.4.2 (2024-02), "Formato Boleta
Electrónica" v4.1 (2024-12), "Instructivo Técnico" DTE and Boleta (2021-10), schemas DTE_v10 (2026-02) and
EnvioBOLETA_v11 (2024-12).
"""
