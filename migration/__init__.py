"""From the old bot's spreadsheet into PostgreSQL, part by part (SPEC 7, PAYROLL D41 to D43, TECH T23, T24).

`sources` fetch cells, `cells` and `tabs` read them, `rows` make records of them, the modules named after what they
import compare those with the database and load them, `report` tells what became of every row.
"""
