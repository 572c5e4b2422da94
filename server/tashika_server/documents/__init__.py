"""Documents on paper size A4: certificate and key notice, as tagged PDF/A-3b with embedded Japanese fonts.

The rooms, from the bottom up: `fonts` and `font_build` (font files), `coverage` (which character has a
glyph), `face` (metrics and subsets), `pdf` and `tagged` (file and structure), `wrap` and `layout` (lines,
tables, pages), `certificate` and `key_notice` (what is printed), `pool` (the processes that do it).
"""
