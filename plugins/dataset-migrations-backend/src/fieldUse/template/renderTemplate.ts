import { TemplateProject } from './evaluate';
import {
  parseTemplate,
  TemplateBranch,
  TemplateIf,
  TemplateNode,
} from './parseTemplate';
import { Choice, RenderedSql, Renderer } from './Renderer';
import { TemplateError } from './TemplateError';

const MAX_CONDITIONS = 6;
const MAX_FORCED = 32;

/** Whether a text is a template at all. */
export function isTemplate(source: string): boolean {
  return /\{[{%#]/.test(source);
}

/**
 * The texts that a template may become. Conditions are not evaluated: there is one
 * text for each way in which they can hold and not hold together, and one more for each
 * branch that none of these reaches, as one in a condition that is its opposite.
 *
 * @throws TemplateError for what cannot be told without running it
 */
export function renderTemplate(
  source: string,
  project: TemplateProject,
): RenderedSql[] {
  const nodes = parseTemplate(source);
  const conditions = conditionsOf(nodes);
  const keys = [...new Set(conditions.values())];
  if (keys.length > MAX_CONDITIONS) {
    throw new TemplateError(
      1,
      `has ${keys.length} conditions, more than ${MAX_CONDITIONS}`,
    );
  }
  const seen = new Set<TemplateNode>();
  const variants = new Map<string, RenderedSql>();
  const render = (choice: Choice) => {
    const variant = new Renderer(project, choice, seen).render(nodes);
    // The same text may be of other tables.
    const key = JSON.stringify([variant.sql, [...variant.placeholders]]);
    variants.set(key, variants.get(key) ?? variant);
  };
  // In the first way all of them hold.
  const choiceOf =
    (way: number): Choice =>
    node =>
      node.branches.find(branch => {
        const key = conditions.get(branch);
        return (
          key === undefined ||
          Math.floor(way / 2 ** keys.indexOf(key)) % 2 === 0
        );
      });
  for (let way = 0; way < 2 ** keys.length; way += 1) {
    render(choiceOf(way));
  }
  let forced = 0;
  for (const path of pathsIn(nodes)) {
    const [first] = path[path.length - 1].branch.body;
    if (first && !seen.has(first)) {
      forced += 1;
      if (forced > MAX_FORCED) {
        throw new TemplateError(1, `has more than ${MAX_FORCED} odd branches`);
      }
      render(
        node =>
          path.find(step => step.node === node)?.branch ?? node.branches[0],
      );
    }
  }
  return [...variants.values()];
}

/** One branch, and the way to it. */
type Path = Array<{ node: TemplateIf; branch: TemplateBranch }>;

function pathsIn(nodes: TemplateNode[], before: Path = []): Path[] {
  return nodes.flatMap(node =>
    node.kind === 'if'
      ? node.branches.flatMap(branch => {
          const path = [...before, { node, branch }];
          return [path, ...pathsIn(branch.body, path)];
        })
      : [],
  );
}

/**
 * What each branch asks. The same words are the same question, unless they name a
 * variable that the template sets: that may have another answer further down.
 */
function conditionsOf(nodes: TemplateNode[]): Map<TemplateBranch, string> {
  const variables = variablesIn(nodes);
  const conditions = new Map<TemplateBranch, string>();
  for (const path of pathsIn(nodes)) {
    const { branch } = path[path.length - 1];
    const { condition } = branch;
    if (condition !== undefined) {
      const words = condition.match(/\w+/g) ?? [];
      const changes = words.some(word => variables.has(word));
      conditions.set(
        branch,
        changes ? `${condition} #${conditions.size}` : condition,
      );
    }
  }
  return conditions;
}

function variablesIn(nodes: TemplateNode[]): Set<string> {
  return new Set(
    nodes.flatMap(node => {
      switch (node.kind) {
        case 'set':
          return [node.name];
        case 'if':
          return node.branches.flatMap(({ body }) => [...variablesIn(body)]);
        default:
          return [];
      }
    }),
  );
}
