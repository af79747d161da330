// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_REPORT_PAGE_STYLE_H_
#define RELINK_TOOLS_RELINK_REPORT_PAGE_STYLE_H_

#include "absl/strings/string_view.h"

namespace relink::tools {

// How many steps the colours of the heat map have, --h0 to --h7.
inline constexpr int kHeatSteps = 8;

// Everything that the page looks like; paper is always light.
inline constexpr absl::string_view kPageStyle = R"css(
:root{color-scheme:light dark;--bg:#f5f6f8;--card:#fff;--ink:#151a22;
--soft:#5c6675;--line:#e2e6ec;--accent:#2b66d0;--good:#0f7a3d;--bad:#b3261e;
--cold:#e6eaf0;--was:#b7c0cd;--h0:#ffe7b0;--h1:#fed486;--h2:#fdb963;--h3:#fb9848;
--h4:#f37336;--h5:#dc4c28;--h6:#b22522;--h7:#760b20}
@media screen and (prefers-color-scheme:dark){:root{--bg:#0d1117;--card:#151b23;
--ink:#e5e9ef;--soft:#97a2b2;--line:#29313c;--accent:#79a7ff;--good:#4ccf82;
--bad:#ff8a7d;--cold:#212934;--was:#4d5766;--h0:#542149;--h1:#7a2858;--h2:#a23257;
--h3:#c9424a;--h4:#e65f35;--h5:#f68f22;--h6:#fbc043;--h7:#fdf3a4}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);
font:14px/1.5 system-ui,"Segoe UI","Liberation Sans",sans-serif}
main,header,footer{max-width:1280px;margin:0 auto;padding:0 24px}
header{padding-top:32px}
h1{font-size:28px;line-height:1.2;margin:2px 0 4px;overflow-wrap:anywhere}
h2{font-size:18px;margin:0 0 4px}
h3{font-size:13px;font-weight:600;margin:0;color:var(--soft)}
p{margin:4px 0}
code,pre,.name,.path{font-family:ui-monospace,"SF Mono",Menlo,Consolas,
"Liberation Mono",monospace;font-size:12.5px}
.path{color:var(--soft);overflow-wrap:anywhere}
.eyebrow{color:var(--accent);font-weight:600;letter-spacing:.04em;
text-transform:uppercase;font-size:12px}
.lead{color:var(--soft);max-width:80ch;margin:0 0 14px}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin:14px 0 18px;padding:8px 0;
border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;
padding:18px 20px;margin:0 0 18px}
.metrics{display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(270px,1fr))}
.metric{border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.now{font-size:24px;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums;
display:flex;align-items:baseline;gap:8px;flex-wrap:wrap}
.was{color:var(--soft);font-size:12.5px;font-variant-numeric:tabular-nums}
.delta{font-size:12.5px;font-weight:600;color:var(--soft)}
.delta.good{color:var(--good)}.delta.bad{color:var(--bad)}
.bars{margin-top:6px}
.bars i,.bars b{display:block;height:4px;border-radius:2px;margin-top:2px}
.bars i{background:var(--was)}.bars b{background:var(--accent)}
.split{display:flex;height:22px;border-radius:5px;overflow:hidden;margin:8px 0;gap:2px}
.split span{min-width:2px}
.moved{background:var(--accent)}.refused{background:var(--bad)}.left{background:var(--was)}
.key{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:center;color:var(--soft);font-size:13px}
.key b{color:var(--ink);font-weight:600}
.swatch{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:6px;
vertical-align:-1px}
.scale{display:inline-flex;border-radius:3px;overflow:hidden;vertical-align:-2px}
.scale i{width:26px;height:13px;display:block}
.maps{display:grid;grid-template-columns:1fr 1fr;gap:12px 28px;margin-top:12px}
.maps>h3{color:var(--ink);font-size:14px;border-bottom:1px solid var(--line);padding-bottom:4px}
.region p{margin:0;display:flex;justify-content:space-between;gap:10px;font-size:12px;
color:var(--soft)}
.region .name{color:var(--ink);overflow-wrap:anywhere}
.region svg{display:block;width:100%;height:auto;overflow:visible}
.region.arena .name{color:var(--accent);font-weight:600}
.c{fill:var(--cold)}
.h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}
.h4{fill:var(--h4)}.h5{fill:var(--h5)}.h6{fill:var(--h6)}.h7{fill:var(--h7)}
rect[class^=h]:hover{stroke:var(--ink);stroke-width:.2}
.curve{display:grid;grid-template-columns:minmax(0,3fr) minmax(230px,1fr);gap:24px;align-items:start}
.curve>svg{width:100%;height:auto}
.curve text{fill:var(--soft);font-size:11px}
.grid{stroke:var(--line);fill:none}
.line-was{stroke:var(--soft);stroke-dasharray:4 3;fill:none;stroke-width:1.8}
.line-now{stroke:var(--accent);fill:none;stroke-width:2.2}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px}
th{text-align:left;font-weight:600;color:var(--soft);white-space:nowrap;
border-bottom:1px solid var(--line);padding:5px 10px 5px 0}
td{padding:4px 10px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.name{overflow-wrap:anywhere;min-width:200px}
td.at{white-space:nowrap}
.stays{color:var(--soft)}
.bad{color:var(--bad)}
.share{display:inline-block;height:8px;border-radius:2px;background:var(--h4);
vertical-align:1px;margin-right:6px}
details{border-top:1px solid var(--line);padding:7px 0}
summary{cursor:pointer;display:grid;grid-template-columns:14px 1fr 110px 90px 80px;gap:10px;list-style:none}
summary::-webkit-details-marker{display:none}
summary::before{content:"\25b8";color:var(--soft)}
details[open]>summary::before{content:"\25be"}
details table{margin:4px 0 6px 24px;width:calc(100% - 24px)}
.two{display:grid;grid-template-columns:1fr 1fr;gap:0 32px}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--bg);border:1px solid var(--line);
border-radius:6px;padding:8px 12px;margin:8px 0}
input{font:inherit;padding:4px 10px;border:1px solid var(--line);border-radius:6px;
background:var(--bg);color:var(--ink);width:260px;max-width:100%;margin-bottom:8px}
#tip{position:fixed;z-index:2;pointer-events:none;background:var(--ink);color:var(--card);
padding:7px 10px;border-radius:6px;font-size:12px;line-height:1.45;white-space:pre-line;
max-width:460px;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:12px;padding-bottom:28px}
@media(max-width:860px){.maps,.curve,.two{grid-template-columns:1fr}
main,header,footer{padding-left:12px;padding-right:12px}.maps>h3.second{display:none}
summary{grid-template-columns:14px 1fr 80px}summary>:nth-child(n+4){display:none}}
@media print{@page{margin:12mm}body{background:#fff;font-size:11px}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
nav,input,#tip{display:none}section{border:0;padding:8px 0;break-inside:auto}
.metric,.region,tr,.curve,h2{break-inside:avoid}h2{break-after:avoid}
main,header,footer{max-width:none;padding:0}}
)css";

// What is nicer with scripts, and not missed without them: titles at once
// instead of after a while, and a table that can be searched.
inline constexpr absl::string_view kPageScript = R"js(
(() => {
  const tip = document.createElement('div');
  tip.id = 'tip';
  tip.hidden = true;
  document.body.append(tip);
  let shown = null;
  document.addEventListener('mousemove', event => {
    const cell = event.target.closest ? event.target.closest('rect[class^=h]') : null;
    if (cell !== shown) {
      shown = cell;
      tip.hidden = !cell;
      if (cell) {
        const title = cell.querySelector('title');
        if (title) {
          cell.dataset.text = title.textContent;
          title.remove();
        }
        tip.textContent = cell.dataset.text || '';
        tip.hidden = !tip.textContent;
      }
    }
    if (!cell) return;
    const box = tip.getBoundingClientRect();
    const left = Math.min(event.clientX + 14, innerWidth - box.width - 8);
    const below = event.clientY + 16;
    const top = below + box.height > innerHeight ? event.clientY - box.height - 12 : below;
    tip.style.left = left + 'px';
    tip.style.top = top + 'px';
  });
  const table = document.querySelector('#functions table');
  if (!table) return;
  const search = document.createElement('input');
  search.type = 'search';
  search.placeholder = 'Search functions and modules';
  search.setAttribute('aria-label', search.placeholder);
  table.parentNode.before(search);
  search.addEventListener('input', () => {
    const wanted = search.value.toLowerCase();
    for (const row of table.tBodies[0].rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
    }
  });
})();
)js";

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_REPORT_PAGE_STYLE_H_
