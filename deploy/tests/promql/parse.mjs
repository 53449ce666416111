import { parser } from '@prometheus-io/lezer-promql';

/**
 * A node of an expression: what kind it is, the text it covers, what is in it.
 *
 * @typedef {{ name: string, text: string, children: Node[] }} Node
 */

/**
 * Parses PromQL with Prometheus's own grammar.
 *
 * @param {string} expression
 * @returns {Node} of the whole expression
 * @throws naming the place that is no PromQL
 */
export function parse(expression) {
  const build = ({ node }) => {
    const text = expression.slice(node.from, node.to);
    if (node.type.isError) {
      throw new Error(
        `no PromQL at character ${node.from} of '${expression.trim()}'`,
      );
    }
    const children = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name !== 'LineComment') children.push(build(child));
    }
    return { name: node.name, text, children };
  };
  const [root, ...rest] = build(parser.parse(expression).topNode).children;
  if (!root || rest.length) {
    throw new Error(`'${expression}' is not one expression`);
  }
  return root;
}

/** All nodes of this kind, at any depth. */
export function nodesOf(node, name) {
  const inside = node.children.flatMap(child => nodesOf(child, name));
  return node.name === name ? [node, ...inside] : inside;
}

/** The first child of this kind, if any. */
export function childOf(node, name) {
  return node.children.find(child => child.name === name);
}

const UNITS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** Seconds of a duration such as `1h30m`. */
export function seconds(text) {
  const parts = [...text.matchAll(/(\d+)(ms|[smhdw])/g)];
  if (!parts.length || parts.map(([part]) => part).join('') !== text) {
    throw new Error(`'${text}' is no duration`);
  }
  return parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS[unit], 0);
}
