type Place = 'sql' | "'" | '"' | '`' | '--' | '/*';

/**
 * Where in SQL a template is: in a text, a comment, or between them. Only for as long as
 * all dialects agree: behind a backslash in a text, a `#`, a `$$` and the like, one
 * dialect is in a text where another is not, and nothing is said any more.
 */
export class SqlPosition {
  private place: Place = 'sql';
  private before = '';
  /** Characters of the text or name that is open. */
  private length = 0;
  private brackets = 0;
  private sure = true;

  /** Whether what stands here is a text in every dialect. */
  get inText(): boolean {
    return this.sure && this.place === "'";
  }

  /** Whether what stands here is a comment in every dialect. */
  get inComment(): boolean {
    return this.sure && (this.place === '--' || this.place === '/*');
  }

  pass(sql: string): void {
    for (const here of sql) {
      this.step(here);
    }
  }

  private step(here: string): void {
    const { before } = this;
    this.before = here;
    this.length += 1;
    switch (this.place) {
      case 'sql':
        this.inSql(here, before);
        break;
      case '--':
        // MySQL takes two minus signs for a comment only before a blank.
        if (this.length === 1 && !/\s/.test(here)) {
          this.sure = false;
        }
        if (here === '\n') {
          this.enter('sql');
        }
        break;
      case '/*':
        if (before === '*' && here === '/') {
          this.enter('sql');
        } else if (before === '/' && here === '*') {
          // Some have comments in comments.
          this.sure = false;
        }
        break;
      default:
        if (here === '\\') {
          this.sure = false;
        } else if (here === this.place) {
          const isEmpty = this.length === 1;
          this.enter('sql');
          // Another one would make it three of them, or go on in the text.
          this.before = isEmpty ? `${here}${here}` : here;
        }
    }
  }

  private inSql(here: string, before: string): void {
    const two = `${before}${here}`;
    if (two === '--' || two === '/*') {
      this.enter(two);
      this.before = '';
    } else if (here === "'" || here === '"' || here === '`') {
      if (
        this.brackets > 0 ||
        before === `${here}${here}` ||
        /[\w$]/.test(before)
      ) {
        // `[it's]`, `'''`, `q'[…]'`, `r'\'`.
        this.sure = false;
      }
      this.enter(here);
    } else if (here === '#' || here === '$' || two === '//') {
      this.sure = false;
    } else if (here === '[' || here === ']') {
      this.brackets = Math.max(0, this.brackets + (here === '[' ? 1 : -1));
    }
  }

  private enter(place: Place): void {
    this.place = place;
    this.length = 0;
  }
}
