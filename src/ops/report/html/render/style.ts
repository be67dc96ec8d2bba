const LIGHT = `
--ground:#fff;--raised:#f5f6f8;--ink:#16191d;--dim:#535a63;--rule:#d3d8de;--link:#0a4fa3;
--good:#0b6b33;--bad:#b3140f;--open:#7a4b00;--good-ground:#e5f4ea;--bad-ground:#fdeae8;--open-ground:#fdf2dc;
--main:#0b57a4;--second:#b34700;--third:#6a3d9a;--area-good:#5b93d3;--area-care:#c87a17;--area-bad:#b3140f;--area-lost:#3d434a;--area-calm:#7f8994;
--fault:#f6e7c4;--fault-bar:#a86a00;--limit:#b3140f`

const DARK = `
--ground:#14171b;--raised:#1e2329;--ink:#eceff2;--dim:#aab2bc;--rule:#3a424c;--link:#8cc2ff;
--good:#7fdb9f;--bad:#ff9d94;--open:#f5c66c;--good-ground:#14281b;--bad-ground:#2d1b1c;--open-ground:#372a10;
--main:#7fb8f5;--second:#ffab66;--third:#c9a6f0;--area-good:#3f7fbf;--area-care:#d9892b;--area-bad:#ff7b70;--area-lost:#b8c0c8;--area-calm:#5c6670;
--fault:#393020;--fault-bar:#e0a63c;--limit:#ff9d94`

/** Fonts are the reader's own, and the page loads nothing. What is dark is so on screens alone. */
export const STYLE = `
:root{color-scheme:light;${LIGHT}}
@media screen{
:root[data-theme=dark]{color-scheme:dark;${DARK}}
@media(prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${DARK}}}
}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
footer{padding-top:1rem;padding-bottom:3rem;color:var(--dim);font-size:.875rem}
h1{font-size:1.75rem;line-height:1.2;margin:.25rem 0 .75rem}
h2{font-size:1.375rem;line-height:1.25;margin:0 0 .75rem}
h3{font-size:1.0625rem;margin:1.75rem 0 .5rem}
h4{font-size:1rem;margin:0}
p{margin:.25rem 0 .5rem;max-width:48rem}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,[tabindex]:focus-visible,summary:focus-visible,button:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--ground);padding:.5rem 1rem;border:2px solid var(--link);z-index:2}
.skip:focus{top:.5rem}
.of{color:var(--dim);margin:0}
.of code{font-size:.9375rem}
.verdict{border:1px solid;border-left-width:.5rem;border-radius:.375rem;padding:1rem 1.25rem;margin:0 0 1.5rem}
.verdict p{margin:.5rem 0 0}
.verdict .answer{font-size:1.375rem;font-weight:650;line-height:1.3;margin:0;color:var(--ink)}
.verdict .answer .badge{margin-right:.5rem}
.verdict.good{border-color:var(--good);background:var(--good-ground)}
.verdict.bad{border-color:var(--bad);background:var(--bad-ground)}
.verdict.open{border-color:var(--open);background:var(--open-ground)}
.badge{display:inline-block;font-weight:700;font-size:.875rem;line-height:1.4;padding:0 .5rem;border:1.5px solid;border-radius:.25rem;white-space:nowrap;background:var(--ground)}
.badge.good{color:var(--good)}.badge.bad{color:var(--bad)}.badge.open{color:var(--open);border-style:dashed}
dl{margin:.5rem 0}
dl>div{display:grid;grid-template-columns:8.5rem 1fr;gap:0 1rem;padding:.25rem 0;border-bottom:1px solid var(--rule)}
dl>div:last-child{border-bottom:0}
dt{color:var(--dim)}dd{margin:0;max-width:48rem}
section.opening{margin-top:1.5rem;padding-top:0;border-top:0}
section.part{border-top:2px solid var(--rule);padding-top:1.5rem;margin-top:2.5rem}
section h2 .badge{vertical-align:.125em;margin-left:.5rem}
.wide{overflow-x:auto;max-width:100%;margin:.5rem 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9375rem;overflow-wrap:normal}
caption span{display:block;max-width:min(48rem,calc(100vw - 2rem));white-space:normal;position:sticky;left:0}
caption{text-align:left;color:var(--dim);font-size:.875rem;padding-bottom:.25rem}
th,td{padding:.25rem .75rem;text-align:right;border-bottom:1px solid var(--rule);vertical-align:top;white-space:nowrap;font-weight:400}
th:first-child,td:first-child{padding-left:0}
thead th{color:var(--dim);border-bottom-width:2px;vertical-align:bottom}
.t{text-align:left}
tbody th.t{font-weight:600}
td.t{white-space:normal}
.note{color:var(--dim);font-size:.9375rem}
pre{background:var(--raised);border:1px solid var(--rule);border-radius:.25rem;padding:.5rem .75rem;margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
code{font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1.5rem 2rem;margin-top:.5rem}
.frame{position:relative}
.chart{margin:0;min-width:0;position:relative}
.chart p{font-size:.9375rem;margin:.125rem 0 .375rem;color:var(--dim)}
.keys{display:flex;flex-wrap:wrap;gap:.125rem 1rem;list-style:none;margin:0;padding:0;font-size:.8125rem}
.keys svg{vertical-align:-1px;margin-right:.375rem}
.plot{display:flex;position:relative}
.plot svg{overflow:visible;display:block}
.plot>.in{flex:1 1 0;min-width:0}
.plot>svg{flex:none}
svg text{font-size:12px;fill:var(--ink)}
.ya text{text-anchor:end;fill:var(--dim)}
text.x{text-anchor:middle;fill:var(--dim)}
text.mark{font-weight:600}text.left{text-anchor:end}
text.limit,text.lost{paint-order:stroke;stroke:var(--ground);stroke-width:3px;stroke-linejoin:round}
text.lost{text-anchor:middle;font-weight:700;font-size:14px;fill:var(--bad)}
text.limit{fill:var(--limit)}
.grid{stroke:var(--rule)}.base,.edge{stroke:var(--dim)}.lead{stroke:var(--dim);fill:none}
line.limit{stroke:var(--limit);stroke-width:1.5;stroke-dasharray:2 4}
rect.fault{fill:var(--fault)}rect.bar{fill:var(--fault-bar)}
path.line{fill:none;stroke:var(--main);stroke-width:2;stroke-linejoin:round;vector-effect:non-scaling-stroke}
path.line.second,path.line.b{stroke:var(--second);stroke-dasharray:7 4}
path.line.third{stroke:var(--third);stroke-dasharray:2 3}
.area.good{fill:var(--area-good)}.area.calm{fill:url(#calm)}.area.care{fill:url(#care)}.area.bad{fill:url(#bad)}.area.lost{fill:url(#lost)}
#calm rect{fill:var(--area-calm)}#care rect{fill:var(--area-care)}#bad rect{fill:var(--area-bad)}#lost rect{fill:var(--area-lost)}
pattern path{stroke:var(--ground);fill:none}
.defs{position:absolute;width:0;height:0}
details{margin:.25rem 0 0}
summary{cursor:pointer;font-size:.875rem;color:var(--link);padding:.25rem 0}
.numbers{max-height:22rem;overflow:auto}
.numbers table{font-size:.8125rem}
.numbers th,.numbers td{padding:.0625rem .75rem .0625rem 0}
.judged{list-style:none;margin:.5rem 0;padding:0}
.judged>li{border-left:.25rem solid var(--rule);padding:.375rem 0 .375rem .875rem;margin:0 0 .375rem}
.judged>.bad{border-color:var(--bad);background:var(--bad-ground);padding-right:.875rem}
.judged>.open{border-left-style:dashed;border-color:var(--open)}
.judged h4{font-weight:600}.judged p{margin:.125rem 0 0;font-size:.9375rem}
.judged dl{font-size:.9375rem}.judged dl>div{border-bottom:0;padding:.125rem 0}
.judged .bad dt{color:var(--ink);font-weight:600}
.id{font-variant-numeric:tabular-nums;color:var(--dim)}
.judged .bad .id{color:var(--ink)}
.read{position:absolute;left:58px;right:92px;top:0;bottom:24px;cursor:crosshair;touch-action:pan-y}
.cursor{position:absolute;top:24px;bottom:0;width:0;border-left:1.5px solid var(--ink);pointer-events:none}
.value{min-height:1.375rem;font-size:.8125rem;font-variant-numeric:tabular-nums}
.theme{float:right;display:flex;gap:0;margin:0 0 .5rem 1rem}
.theme button{font:inherit;font-size:.875rem;color:var(--ink);background:var(--raised);border:1px solid var(--dim);padding:.125rem .625rem;cursor:pointer;margin-left:-1px}
.theme button[aria-pressed=true]{background:var(--ink);color:var(--ground)}
@media(max-width:40rem){
h1{font-size:1.5rem}
dl>div{grid-template-columns:1fr}
.plot>.ends{display:none}
.read{right:0}
.plot>.ya{margin-left:-.5rem}
th,td{padding:.25rem .5rem}
.theme{float:none;margin:0 0 1rem}
}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media(forced-colors:active){path.line,.grid,.edge{forced-color-adjust:none}}
@media print{
@page{margin:14mm}
html{font-size:10pt}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
header,main,footer{max-width:none;padding-left:0;padding-right:0}
.skip,.theme,.back,.read,.cursor,.value,summary{display:none}
.charts{grid-template-columns:1fr 1fr;gap:1rem}
.chart,.judged>li,.verdict,tr,pre{break-inside:avoid}
h2,h3,h4,figcaption{break-after:avoid}
section.part{break-before:page;border-top:0;padding-top:0;margin-top:0}
details::details-content{display:block;content-visibility:visible;block-size:auto}
.wide,.numbers{overflow:visible;max-height:none}
table{font-size:8.5pt}
th,td{padding:.125rem .375rem}
.numbers{columns:2;column-gap:1rem}
.numbers table{font-size:6.5pt}
.numbers th,.numbers td{padding:0 .5rem 0 0;line-height:1.25}
a{color:inherit}
}
`
