/** How the pages of an archive look: the colours and sizes of the window, by day and by night, and on paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --canvas: light-dark(#fbfaf7, #14191c);
  --panel: light-dark(#f2efe8, #1a2125);
  --raised: light-dark(#ffffff, #212a2f);
  --own: light-dark(#dcecef, #17414b);
  --text: light-dark(#1d2528, #e8ecec);
  --soft: light-dark(#566267, #a7b3b7);
  --line: light-dark(#dcd7cb, #313c42);
  --edge: light-dark(#7f8b90, #7c8a90);
  --sea: light-dark(#0f5f6e, #79cbd8);
  --rust: light-dark(#9c3f14, #f2a37c);
  --mark: light-dark(#ffe08a, #6b5310);
}
* {
  box-sizing: border-box;
}
html,
body {
  height: 100%;
  margin: 0;
}
body {
  display: flex;
  flex-direction: column;
  background: var(--canvas);
  color: var(--text);
  font:
    15px/1.6 'Segoe UI',
    system-ui,
    -apple-system,
    'PingFang SC',
    'Microsoft YaHei',
    'Noto Sans CJK SC',
    sans-serif;
  text-autospace: normal;
}
:focus-visible {
  outline: 2px solid var(--sea);
  outline-offset: 2px;
}
a {
  color: var(--sea);
}
header {
  display: flex;
  flex: none;
  flex-wrap: wrap;
  align-items: center;
  gap: 8px 20px;
  padding: 12px 24px;
  background: var(--panel);
  border-bottom: 1px solid var(--line);
}
header > div {
  flex: 1 1 15rem;
  min-width: 0;
}
h1 {
  margin: 0;
  font-size: 18px;
  line-height: 1.35;
  overflow-wrap: anywhere;
}
header p {
  margin: 0;
  color: var(--soft);
  font-size: 13px;
}
form,
.days {
  display: flex;
  gap: 8px;
  align-items: center;
  font-size: 13px;
}
input,
button {
  min-height: 34px;
  padding: 4px 12px;
  font: inherit;
  color: inherit;
  background: var(--raised);
  border: 1px solid var(--edge);
  border-radius: 10px;
}
button {
  cursor: pointer;
}
button:hover {
  border-color: var(--sea);
}
input[type='search'] {
  width: min(16rem, 60vw);
}
main {
  flex: 1;
  min-height: 0;
  overflow: auto;
  overflow-anchor: none;
  padding: 16px 24px 40px;
}
main > * {
  max-width: 46rem;
  margin-inline: auto;
}
.results {
  flex: none;
  max-height: 40vh;
  overflow: auto;
  padding: 8px 24px;
  background: var(--raised);
  border-bottom: 1px solid var(--line);
}
.results[hidden] {
  display: none;
}
.results p {
  margin: 4px 0;
  color: var(--soft);
  font-size: 13px;
}
ul {
  margin-block: 0;
  padding: 0;
  list-style: none;
}
.results button {
  display: block;
  width: 100%;
  margin: 2px 0;
  text-align: start;
  border-color: transparent;
  background: none;
  overflow-wrap: anywhere;
}
.results button:hover {
  background: var(--panel);
}
.results small {
  color: var(--soft);
}
mark {
  background: var(--mark);
  color: inherit;
}
.chats {
  background: var(--raised);
  border: 1px solid var(--line);
  border-radius: 16px;
}
.chats li + li {
  border-top: 1px solid var(--line);
}
.chats a {
  display: flex;
  align-items: baseline;
  justify-content: space-between;
  gap: 16px;
  padding: 12px 20px;
  color: inherit;
  text-decoration: none;
  overflow-wrap: anywhere;
}
.chats a:hover b {
  color: var(--sea);
}
.chats b {
  font-weight: 600;
}
.chats span {
  flex: none;
  color: var(--soft);
  font-size: 13px;
  font-variant-numeric: tabular-nums;
}
h2 {
  margin: 20px auto 8px;
  color: var(--soft);
  font-size: 13px;
  font-weight: 500;
  text-align: center;
}
article {
  width: fit-content;
  max-width: min(80%, 36rem);
  margin: 6px 0;
  padding: 8px 14px;
  background: var(--raised);
  border: 1px solid var(--line);
  border-radius: 16px;
  overflow-wrap: anywhere;
}
article.own {
  margin-inline-start: auto;
  background: var(--own);
}
article.event {
  margin-inline: auto;
  background: none;
  border-color: transparent;
  color: var(--soft);
  font-size: 13px;
  text-align: center;
}
article.found {
  outline: 2px solid var(--rust);
}
article p {
  margin: 0;
  white-space: pre-wrap;
}
article .by {
  display: flex;
  flex-wrap: wrap;
  gap: 0 10px;
  color: var(--soft);
  font-size: 12px;
}
article .by b {
  color: var(--text);
  font-weight: 600;
}
article .soft {
  color: var(--soft);
  font-size: 13px;
}
article .unsent {
  color: var(--rust);
}
blockquote {
  margin: 4px 0;
  padding: 0 0 0 10px;
  border-inline-start: 3px solid var(--line);
  color: var(--soft);
  font-size: 13px;
  white-space: pre-wrap;
}
img,
video {
  display: block;
  max-width: 100%;
  max-height: 24rem;
  margin: 6px 0;
  border-radius: 10px;
}
audio {
  display: block;
  width: 20rem;
  max-width: 100%;
  margin: 6px 0;
}
@media print {
  header form,
  header .days,
  .results {
    display: none;
  }
}
`
