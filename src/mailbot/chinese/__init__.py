"""Office Chinese as text: widths and spaces, numerals, dates, unit names. Pure; no unit or notice is known here."""
