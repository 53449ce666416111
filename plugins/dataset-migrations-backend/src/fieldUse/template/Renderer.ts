import { Placeholders } from '../sql/TableNames';
import { evaluate, Evaluated, TemplateProject } from './evaluate';
import { TemplateBranch, TemplateIf, TemplateNode } from './parseTemplate';
import { SqlPosition } from './SqlPosition';
import { shown, TemplateError } from './TemplateError';

/** Characters: texts may be set once and written many times. */
const MAX_SIZE = 512 * 1024;

/** SQL that a template may become, its lines where the template has them. */
export interface RenderedSql {
  sql: string;
  placeholders: Placeholders;
}

/** Which branch is taken; undefined for none. */
export type Choice = (node: TemplateIf) => TemplateBranch | undefined;

/** Writes one of the texts that a template may become. */
export class Renderer {
  private readonly placeholders = new Map<string, readonly string[] | null>();
  private readonly variables = new Map<string, Evaluated>();
  private readonly context: Omit<Parameters<typeof evaluate>[2], 'inText'>;
  private readonly refused = new Set<string>();
  private readonly position = new SqlPosition();
  private sql = '';

  constructor(
    project: TemplateProject,
    private readonly choice: Choice,
    /** Gets each node that is written. */
    private readonly seen: Set<TemplateNode>,
  ) {
    this.context = { project, variables: this.variables };
  }

  render(nodes: TemplateNode[]): RenderedSql {
    this.append(nodes);
    return { sql: this.sql, placeholders: this.placeholders };
  }

  private append(nodes: TemplateNode[]): void {
    for (const node of nodes) {
      this.seen.add(node);
      switch (node.kind) {
        case 'text':
          this.write(node.text);
          break;
        case 'output':
          this.write(this.output(node.code, node.line) + node.newlines);
          break;
        case 'set':
          this.set(node.name, node.code);
          this.write(node.newlines);
          break;
        default:
          this.choose(node);
      }
    }
  }

  /** The lines of branches that are left out stay, empty. */
  private choose(node: TemplateIf): void {
    const chosen = this.choice(node);
    for (const branch of node.branches) {
      if (branch === chosen) {
        this.append(branch.body);
      } else {
        this.write('\n'.repeat(linesOf(branch.body)));
      }
    }
  }

  private output(code: string, line: number): string {
    const result = this.evaluated(code, line);
    if ('sql' in result) {
      return result.sql;
    }
    const name = `skein_relation_${this.placeholders.size}`;
    this.placeholders.set(name, result.table);
    return name;
  }

  /** In a text or a comment any value is as good as another. */
  private evaluated(code: string, line: number): Evaluated {
    const { inText, inComment } = this.position;
    try {
      if (this.refused.has(code)) {
        throw new TemplateError(line, `{{ ${shown(code)} }} is not evaluated`);
      }
      return evaluate(code, line, { ...this.context, inText });
    } catch (error) {
      if (error instanceof TemplateError && (inText || inComment)) {
        return { sql: inText ? 'x' : '' };
      }
      throw error;
    }
  }

  /** A variable that cannot be told matters only where it is used. */
  private set(name: string, code: string): void {
    this.variables.delete(name);
    this.refused.delete(name);
    try {
      this.variables.set(
        name,
        evaluate(code, 1, { ...this.context, inText: false }),
      );
    } catch (error) {
      if (!(error instanceof TemplateError)) {
        throw error;
      }
      this.refused.add(name);
    }
  }

  private write(text: string): void {
    if (this.sql.length + text.length > MAX_SIZE) {
      throw new TemplateError(
        this.sql.split('\n').length,
        `becomes more than ${MAX_SIZE} characters of SQL`,
      );
    }
    this.position.pass(text);
    this.sql += text;
  }
}

function linesOf(nodes: TemplateNode[]): number {
  let lines = 0;
  for (const node of nodes) {
    if (node.kind === 'if') {
      lines += node.branches.reduce((sum, { body }) => sum + linesOf(body), 0);
    } else {
      const text = node.kind === 'text' ? node.text : node.newlines;
      lines += text.split('\n').length - 1;
    }
  }
  return lines;
}
