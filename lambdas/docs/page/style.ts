/** The page's only style sheet, in the page itself: a narrow screen, either colour scheme, nothing to load. */
export const style = `
:root{color-scheme:light dark;--text:#1b1f24;--soft:#57606a;--back:#fff;--panel:#f4f6f8;--line:#d0d7de;--link:#0a58ca;--get:#0f6b3a;--post:#8a3d00}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9aa6b2;--back:#0f1419;--panel:#1a2129;--line:#343d47;--link:#7cb7ff;--get:#6fdc9b;--post:#ffb077}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;color:var(--text);background:var(--back);font:1rem/1.55 system-ui,sans-serif;overflow-wrap:break-word}
a{color:var(--link)}
a:focus-visible,pre:focus-visible,main:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;padding:.5rem 1rem;background:var(--back);z-index:1}
header,nav,main,footer{max-width:76rem;margin:0 auto;padding:0 1rem}
h1{margin:1.5rem 0 0;font-size:2rem}
h2{margin:3rem 0 .5rem;font-size:1.5rem;border-bottom:1px solid var(--line)}
h3{margin:2.5rem 0 .5rem;font-size:1.125rem;line-height:1.4}
.label{margin:1.25rem 0 .25rem;border:0;font-size:.9rem;color:var(--soft);text-transform:uppercase;letter-spacing:.04em}
h3 a{color:inherit;text-decoration:none}
h3 a:hover{text-decoration:underline}
p{margin:.5rem 0;max-width:44rem}
code,pre{font:.875em/1.5 ui-monospace,monospace}
code{overflow-wrap:anywhere}
p code,dd code,li code{padding:.1em .3em;border-radius:4px;background:var(--panel)}
pre{margin:.5rem 0;padding:.75rem 1rem;border:1px solid var(--line);border-radius:6px;background:var(--panel);overflow-x:auto;font-size:.85rem}
pre code{font-size:1em;white-space:pre;overflow-wrap:normal}
.method{display:inline-block;margin-right:.5em;font-weight:700}
.get{color:var(--get)}
.post{color:var(--post)}
nav ul{list-style:none;margin:.25rem 0 1rem;padding:0}
nav li{padding:.2rem 0}
nav li a{text-decoration:none}
nav li a:hover{text-decoration:underline}
dl{margin:.25rem 0;padding:0}
dl dl{margin-left:.25rem;padding-left:.75rem;border-left:2px solid var(--line)}
dt{margin-top:.5rem}
dd{margin:0;max-width:44rem}
small{color:var(--soft);font-size:.875rem}
footer{margin-top:4rem;padding-bottom:3rem;color:var(--soft)}
@media(min-width:64rem){nav ul{columns:2}article .sides{display:grid;grid-template-columns:1fr 1fr;gap:0 2.5rem}article .sides>*{min-width:0}}
`;
