import { Placeholders } from '../sql/TableNames';
import { evaluate, Evaluated, TemplateProject } from './evaluate';
import { TemplateNode } from './parseTemplate';
import { SqlPosition } from './SqlPosition';
import { shown, TemplateError } from './TemplateError';

/** Characters: texts may be set once and written many times. */
const MAX_SIZE = 512 * 1024;

/** SQL that a template may become, its lines where the template has them. */
export interface RenderedSql {
  sql: string;
  placeholders: Placeholders;
}

/** Writes one of the texts that a template may become. */
export class Renderer {
  private readonly placeholders = new Map<string, readonly string[] | null>();
  private readonly variables = new Map<string, Evaluated>();
  private readonly context: Parameters<typeof evaluate>[2];
  private readonly refused = new Set<string>();
  private readonly position = new SqlPosition();
  private sql = '';

  constructor(
    project: TemplateProject,
    private readonly failing: string | undefined,
  ) {
    this.context = { project, variables: this.variables };
  }

  render(nodes: TemplateNode[]): RenderedSql {
    this.append(nodes);
    return { sql: this.sql, placeholders: this.placeholders };
  }

  private append(nodes: TemplateNode[]): void {
    for (const node of nodes) {
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
          this.choose(node.branches);
      }
    }
  }

  /** The lines of branches that are left out stay, empty. */
  private choose(branches: Extract<TemplateNode, { kind: 'if' }>['branches']) {
    const chosen = branches.find(
      ({ condition }) => condition === undefined || condition !== this.failing,
    );
    for (const branch of branches) {
      if (branch === chosen) {
        this.append(branch.body);
      } else {
        this.write('\n'.repeat(linesOf(branch.body)));
      }
    }
  }

  private output(code: string, line: number): string {
    if (this.position.inComment) {
      return '';
    }
    if (this.position.inText) {
      return 'x';
    }
    if (this.refused.has(code)) {
      throw new TemplateError(line, `{{ ${shown(code)} }} is not evaluated`);
    }
    const result = evaluate(code, line, this.context);
    if ('sql' in result) {
      return result.sql;
    }
    const name = `skein_relation_${this.placeholders.size}`;
    this.placeholders.set(name, result.table);
    return name;
  }

  /** A variable that cannot be told matters only where it is used. */
  private set(name: string, code: string): void {
    this.variables.delete(name);
    this.refused.delete(name);
    try {
      this.variables.set(name, evaluate(code, 1, this.context));
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
