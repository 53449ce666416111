type Place = 'sql' | "'" | '"' | '`' | '--' | '/*';

/**
 * Where in SQL a template is: in a text, a comment, or between them. What stands
 * in a text or a comment is no SQL, whatever it is.
 */
export class SqlPosition {
  private place: Place = 'sql';

  get inText(): boolean {
    return this.place === "'";
  }

  get inComment(): boolean {
    return this.place === '--' || this.place === '/*';
  }

  pass(sql: string): void {
    for (let index = 0; index < sql.length; index += 1) {
      const here = sql[index];
      const two = sql.slice(index, index + 2);
      if (this.place === 'sql') {
        if (two === '--' || two === '/*') {
          this.place = two;
          index += 1;
        } else if (here === "'" || here === '"' || here === '`') {
          this.place = here;
        }
      } else if (this.place === '--') {
        this.place = here === '\n' ? 'sql' : '--';
      } else if (this.place === '/*') {
        if (two === '*/') {
          this.place = 'sql';
          index += 1;
        }
      } else if (here === this.place) {
        // A doubled quote ends the text and begins it again.
        this.place = 'sql';
      }
    }
  }
}
