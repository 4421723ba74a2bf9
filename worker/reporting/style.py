"""The page's style: light and dark, as the reader's machine has it; on paper light."""

STYLE = """
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --ink: #1d2329; --soft: #5b6670; --rule: #dfe3e6;
  --filed: #64748b; --delivered: #2f6fd0; --enrolled: #1f8a5b; --held: #c2760c;
  --new: #b7c0c8; --acting: #7fb0ee; --awaiting: #2f6fd0; --closed: #8b97a2; --unsure: #c2362b; --refused: #8554b0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181c; --card: #1b2025; --ink: #e7eaec; --soft: #9aa5ae; --rule: #323a41;
    --filed: #94a3b8; --delivered: #6ea8fe; --enrolled: #4cc38a; --held: #e8a33d;
    --new: #4d5861; --acting: #3f6699; --awaiting: #6ea8fe; --closed: #75818b; --unsure: #f0695e; --refused: #b58ae0;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 0 0 .25rem; }
p.when, p.note { color: var(--soft); margin: 0 0 1rem; }
p.note { font-size: .875rem; max-width: 44rem; }
main { display: grid; grid-template-columns: 1fr 1fr; column-gap: 1.25rem; }
main > * { grid-column: 1 / -1; min-width: 0; }
main > .half { grid-column: auto; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 1.1rem 1.25rem;
  margin-top: 1.25rem; break-inside: avoid; }
dl { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; margin: 1.25rem 0 0; }
dl div { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: .7rem .9rem; }
dt { color: var(--soft); font-size: .8125rem; }
dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dd small { display: block; color: var(--soft); font-size: .8125rem; font-weight: 400; }
@media (max-width: 44rem) {
  dl { grid-template-columns: repeat(2, 1fr); }
  main > .half { grid-column: 1 / -1; }
}
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .84rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .45rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: 600; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tbody th { min-width: 10rem; white-space: normal; }
tr:last-child > * { border-bottom: 0; }
tr.total > * { font-weight: 600; color: var(--ink); }
tbody th { color: var(--ink); font-weight: 400; }
table.narrow { width: auto; min-width: min(20rem, 100%); }
summary { cursor: pointer; color: var(--soft); }
figure { margin: .5rem 0 1rem; overflow-x: auto; }
svg { display: block; width: 100%; min-width: 36rem; height: auto; font-size: 12.5px; }
svg text { fill: var(--soft); }
svg text.head, svg text.value { fill: var(--ink); }
svg .grid { stroke: var(--rule); } svg .axis { stroke: var(--soft); } svg .range { stroke-width: 3; fill: none; }
svg .filed { fill: var(--filed); } svg .held { fill: var(--held); }
svg .delivered { fill: var(--delivered); stroke: var(--delivered); }
svg .enrolled { fill: var(--enrolled); stroke: var(--enrolled); }
svg rect { stroke: none !important; }
.on-new { --c: var(--new); } .on-acting { --c: var(--acting); } .on-awaiting { --c: var(--awaiting); }
.on-enrolled { --c: var(--enrolled); } .on-closed { --c: var(--closed); } .on-held { --c: var(--held); }
.on-unsure { --c: var(--unsure); } .on-refused { --c: var(--refused); }
rect[class^="on-"] { fill: var(--c); } .key { background: var(--c); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0; font-size: .8125rem; color: var(--soft); }
.key { display: inline-block; width: .7rem; height: .7rem; border-radius: 2px; margin-right: .35rem; }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; } section { border: 0; padding: 0; } }
"""
