/** The report's style: quiet greys, one accent, light and dark by the reader's preference, printable. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d1f22; --soft: #63676e; --line: #dcdee2; --paper: #fbfbfc; --card: #fff; --accent: #0b6e75; --hit: #1a7f4b; --miss: #b3372f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e8ea; --soft: #9ba0a8; --line: #33363b; --paper: #17181a; --card: #1f2124; --accent: #4fb8c0; --hit: #58c48b; --miss: #f08478; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; padding: 32px 24px 64px; background: var(--paper); color: var(--ink); font: 15px/1.5 'Inter Variable', Inter, system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 28px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 40px 0 12px; } h3 { font-size: 15px; margin: 20px 0 8px; }
p { margin: 4px 0 12px; } .soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; } th, td { padding: 6px 12px; border-bottom: 1px solid var(--line); text-align: right; } th:first-child, td:first-child { text-align: left; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 16px; } figure { margin: 0; padding: 12px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; } figcaption { font-size: 13px; color: var(--soft); }
svg { width: 100%; height: auto; } svg text { font-size: 10px; fill: var(--soft); } .axis { fill: none; stroke: var(--line); } .line { fill: none; stroke: var(--accent); stroke-width: 1.5; } .dot { fill: var(--accent); }
.row { display: flex; gap: 8px; align-items: flex-start; overflow-x: auto; padding-bottom: 6px; } .row > .name { flex: 0 0 74px; color: var(--soft); font-size: 13px; padding-top: 30px; }
.picture { flex: 0 0 96px; width: 96px; font-size: 11px; margin: 0; padding: 0; border: 0; background: none; } .picture img { width: 96px; height: 96px; object-fit: contain; display: block; background: #fff; border: 2px solid var(--line); border-radius: 6px; } .picture figcaption { font-size: 11px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.hit img { border-color: var(--hit); } .miss img { border-color: var(--miss); border-style: dashed; } .hit figcaption { color: var(--hit); } .miss figcaption { color: var(--miss); }
.triplets { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 12px; } .card { padding: 12px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
@media print { body { max-width: none; } .row { overflow: visible; flex-wrap: wrap; } }
`;
