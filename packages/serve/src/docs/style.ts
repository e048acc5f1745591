/** @module Style sheet of /docs. */

export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 50rem; margin: 0 auto; padding: 2rem 1rem; }
header { display: flex; gap: 1.5rem; align-items: center; flex-wrap: wrap; }
header div { flex: 1 1 20rem; }
header a { margin-right: 1rem; }
h1 { margin: 0; }
section { border-top: 1px solid #8885; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 1rem 0.3rem 0; border-bottom: 1px solid #8883; }
dt { font-weight: bold; margin-top: 0.75rem; }
dt:target { background: #fd08; }
dd { margin: 0; }
pre { overflow-x: auto; padding: 0.5rem; background: #8882; border-radius: 0.25rem; margin: 0.5rem 0; user-select: all; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin-top: 0.75rem; }
input, select, button { font: inherit; max-width: 10rem; }
img { image-rendering: auto; border-radius: 0.5rem; }
`;
