/**
 * The page that shows which callbacks arrived. It asks again every two seconds.
 *
 * @param {import('./callbacks.mjs').Callback[]} callbacks
 */
export function callbacksPage(callbacks) {
  const rows = callbacks.map(row).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<title>Callbacks received</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .4rem .8rem .4rem 0; vertical-align: top;
    border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
  .wrong { color: light-dark(#b00020, #ff8a80); }
</style>
</head>
<body>
<h1>Callbacks received</h1>
<p>What the consumers of the demo were told, youngest first. Also as
<a href="/callbacks">JSON</a>.</p>
${
  callbacks.length
    ? `<table>
<thead><tr><th scope="col">Received</th><th scope="col">Consumer</th>
<th scope="col">Event</th><th scope="col">Dataset</th>
<th scope="col">Signature</th></tr></thead>
<tbody>${rows}</tbody></table>`
    : '<p>None yet. Migrate a dataset whose consumers have a webhook.</p>'
}
</body>
</html>
`;
}

function row({ receivedAt, path, verified, problem, event }) {
  const signature = verified
    ? 'right'
    : `<span class="wrong">wrong: ${escape(problem)}</span>`;
  return `<tr><td>${escape(receivedAt)}</td>
<td>${escape(path.replace('/hooks/', ''))}</td>
<td>${escape(event?.type ?? '')}</td><td>${escape(event?.subject ?? '')}</td>
<td>${signature}</td></tr>`;
}

function escape(value) {
  return String(value).replace(
    /[&<>"']/g,
    character => `&#${character.codePointAt(0)};`,
  );
}
