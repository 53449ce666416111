import { Expression } from './types';

/**
 * The expression with every field replaced by what yields it: how steps are
 * fused into one projection.
 */
export function substituteFields(
  expression: Expression,
  yieldOf: (name: string) => Expression,
): Expression {
  const visit = (node: Expression): Expression => {
    switch (node.op) {
      case 'field':
        return yieldOf(node.name);
      case 'literal':
        return node;
      case 'cast':
      case 'unary':
        return { ...node, operand: visit(node.operand) };
      case 'call':
        return { ...node, args: node.args.map(visit) };
      case 'binary':
        return { ...node, left: visit(node.left), right: visit(node.right) };
      default:
        return {
          ...node,
          branches: node.branches.map(branch => ({
            when: visit(branch.when),
            then: visit(branch.then),
          })),
          ...(node.otherwise ? { otherwise: visit(node.otherwise) } : {}),
        };
    }
  };
  return visit(expression);
}
