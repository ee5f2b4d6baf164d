/** Style of the report's page, on screen and on A4. */
export const reportStyle = `
:root { color-scheme: light; --ink: #16202b; --soft: #55616e; --line: #c9d1d9; --good: #146c3a; --bad: #a3161f; --wait: #7a4b00; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.5rem 4rem; color: var(--ink); background: #fff;
  font: 15px/1.5 "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-bottom: .2rem; border-bottom: 2px solid var(--ink); }
h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; overflow-wrap: anywhere; }
h4 { font-size: .9rem; margin: 1rem 0 .3rem; color: var(--soft); }
p, ul { margin: .4rem 0; }
ul { padding-left: 1.2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .8rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: .85em/1.4 "Noto Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.verdict { border: 1px solid var(--line); border-left: .5rem solid var(--good); padding: .7rem 1rem; margin: 1.2rem 0; }
.verdict.bad { border-left-color: var(--bad); }
.verdict strong { display: block; font-size: 1.1rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; margin: .4rem 0 1rem; font-size: .86rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .55rem; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 1.5px solid var(--ink); white-space: nowrap; }
td.when { width: 6.5rem; font-variant-numeric: tabular-nums; }
td.keep { word-break: keep-all; }
td.keep .id { white-space: nowrap; }
td.line .id { display: inline; margin-left: .6rem; }
td ul { list-style: none; padding: 0; margin: 0; }
.ok { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.id { display: block; color: var(--soft); font-size: .78rem; }
@media print {
  @page { size: A4 landscape; margin: 14mm 12mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; color: #55616e; } }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3, h4 { break-after: avoid; }
  tr, li, .verdict { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
}
`;
