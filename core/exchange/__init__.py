"""Tables in and out: agencies and services as CSV and XLSX.

``formats`` writes files no spreadsheet program executes, ``reading`` takes distrusted files in,
``resources`` holds the columns and the row rules, ``pending`` keeps a file between preview
and confirmation.
"""
