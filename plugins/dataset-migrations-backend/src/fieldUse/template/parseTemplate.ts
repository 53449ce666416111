import { shown, TemplateError } from './TemplateError';

const MAX_TAGS = 2_000;
const MAX_DEPTH = 40;

export type TemplateNode =
  | { kind: 'text'; text: string }
  | { kind: 'output'; code: string; line: number; newlines: string }
  | { kind: 'set'; name: string; code: string; newlines: string }
  | TemplateIf;

export interface TemplateIf {
  kind: 'if';
  branches: TemplateBranch[];
}

export interface TemplateBranch {
  /** Absent for `else`. */
  condition?: string;
  body: TemplateNode[];
}

interface Tag {
  open: '{{' | '{%' | '{#';
  code: string;
  line: number;
  /** Line breaks inside it, which keep the lines after it in their places. */
  newlines: string;
  end: number;
}

/**
 * Takes apart a Jinja template as dbt has them: text, outputs, `if` and `set`.
 * Nothing is run.
 *
 * @throws TemplateError for what would have to be run: loops, macros, calls
 */
export function parseTemplate(source: string): TemplateNode[] {
  const root: TemplateNode[] = [];
  const open: Array<{ branches: TemplateBranch[]; line: number }> = [];
  let nodes = root;
  let position = 0;
  let line = 1;
  let tags = 0;
  const passText = (end: number) => {
    const text = source.slice(position, end);
    nodes.push({ kind: 'text', text });
    line += countLines(text);
  };
  for (;;) {
    const start = findTag(source, position);
    if (start < 0) {
      break;
    }
    passText(start);
    const tag = readTag(source, start, line);
    tags += 1;
    if (tags > MAX_TAGS) {
      throw new TemplateError(line, `has more than ${MAX_TAGS} template tags`);
    }
    const { newlines, code } = tag;
    if (tag.open === '{{') {
      nodes.push({ kind: 'output', code, line, newlines });
    } else {
      if (tag.open === '{%') {
        nodes = takeStatement({ code, line, newlines, nodes, root, open });
      }
      if (tag.open === '{#' || !/^set\s/.test(code)) {
        nodes.push({ kind: 'text', text: newlines });
      }
    }
    line += newlines.length;
    position = tag.end;
  }
  passText(source.length);
  if (open.length > 0) {
    throw new TemplateError(
      open[open.length - 1].line,
      '{% if %} without {% endif %}',
    );
  }
  return root;
}

/** @returns the list that what follows belongs to */
function takeStatement(options: {
  code: string;
  line: number;
  newlines: string;
  nodes: TemplateNode[];
  root: TemplateNode[];
  open: Array<{ branches: TemplateBranch[]; line: number }>;
}): TemplateNode[] {
  const { code, line, newlines, nodes, root, open } = options;
  const [word] = code.split(/\s/, 1);
  const rest = code.slice(word.length).trim();
  const current = open[open.length - 1];
  switch (word) {
    case 'if': {
      if (open.length >= MAX_DEPTH) {
        throw new TemplateError(line, `nests {% if %} more than ${MAX_DEPTH}`);
      }
      const branches: TemplateBranch[] = [{ condition: rest, body: [] }];
      nodes.push({ kind: 'if', branches });
      open.push({ branches, line });
      return branches[0].body;
    }
    case 'elif':
    case 'else': {
      if (!current) {
        throw new TemplateError(line, `{% ${word} %} without {% if %}`);
      }
      const condition = word === 'elif' ? { condition: rest } : {};
      current.branches.push({ ...condition, body: [] });
      return current.branches[current.branches.length - 1].body;
    }
    case 'endif': {
      if (!open.pop()) {
        throw new TemplateError(line, '{% endif %} without {% if %}');
      }
      const outer = open[open.length - 1];
      return outer ? outer.branches[outer.branches.length - 1].body : root;
    }
    case 'set': {
      const [, name, value] = /^(\w+)\s*=\s*([^]*)$/.exec(rest) ?? [];
      if (name === undefined) {
        throw new TemplateError(line, `{% ${shown(code)} %} is not evaluated`);
      }
      nodes.push({ kind: 'set', name, code: value, newlines });
      return nodes;
    }
    case 'snapshot':
    case 'endsnapshot':
      return nodes;
    default:
      throw new TemplateError(line, `{% ${shown(code)} %} is not evaluated`);
  }
}

function findTag(source: string, from: number): number {
  const tag = /\{[{%#]/g;
  tag.lastIndex = from;
  return tag.exec(source)?.index ?? -1;
}

function readTag(source: string, start: number, line: number): Tag {
  const open = source.slice(start, start + 2) as Tag['open'];
  const close = { '{{': '}}', '{%': '%}', '{#': '#}' }[open];
  const end =
    open === '{#'
      ? source.indexOf(close, start + 2)
      : findClose(source, start + 2, close);
  if (end < 0) {
    throw new TemplateError(line, `${open} is never closed`);
  }
  const inside = source.slice(start + 2, end);
  return {
    open,
    code: inside.replace(/^[-+]/, '').replace(/[-+]$/, '').trim(),
    line,
    newlines: '\n'.repeat(countLines(inside)),
    end: end + 2,
  };
}

/** The end of a tag, which does not stand in one of its texts. */
function findClose(source: string, from: number, close: string): number {
  let quote: string | undefined;
  for (let index = from; index < source.length; index += 1) {
    const here = source[index];
    if (quote !== undefined) {
      if (here === '\\') {
        index += 1;
      } else if (here === quote) {
        quote = undefined;
      }
    } else if (here === "'" || here === '"') {
      quote = here;
    } else if (source.startsWith(close, index)) {
      return index;
    }
  }
  return -1;
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}
