/**
 * User and password of an address; a token may stand alone. Passwords that should have
 * been encoded are found, too: it is of those that parsers of addresses complain.
 */
const inAddress = /\b(\w+:\/\/)(?:[^\s/@:]*:[^\s/]*|[^\s/?#]*)@/g;

const bearer = /\b(bearer\s+)[\w.~+/=-]+/gi;

/** Known by its end: `PGPASSWORD`, `client_secret`, `x-api-key`. */
const name =
  /(?<![\w-])[\w-]*(?:pass(?:word|wd|phrase)|pwd|secret|token|authorization|(?:api|access|private|master)[-_]?key)/;

/** With the end of a quoted name; the quotes of JSON within a string are escaped. */
const separator = /\\*["'`]?\s*(?:=>|[=:])\s*/;

/** Up to the quote that closes it: one that is escaped as the first one is, no deeper. */
const quoted =
  /(?<open>(?<escapes>\\*)["'])[^]*?(?:(?<!\\)(?:\k<escapes>{2}\\\\)*(?<close>\k<open>)|$)/;

const unquoted = /(?:(?:apikey|basic|bearer|digest|negotiate|token)\s+)?\S+/;

const named = new RegExp(
  `(${name.source}${separator.source})(?:${quoted.source}|${unquoted.source})`,
  'gi',
);

/**
 * A message as it may be logged, kept and shown: without what a driver or a client of
 * HTTP may have put in to log in with (G10). Rather too much goes than too little.
 */
export function withoutSecrets(message: string): string {
  return message
    .replace(named, '$1$<open>***$<close>')
    .replace(bearer, '$1***')
    .replace(inAddress, '$1***@');
}
