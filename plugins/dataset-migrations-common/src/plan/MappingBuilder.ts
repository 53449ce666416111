import { InputError } from '@backstage/errors';
import { keep } from '../agents/fields';
import {
  DeclarativeAgent,
  ImperativeAgentPlan,
  PlanningState,
} from '../agents/types';
import { sameType } from '../contracts/formatFieldType';
import { Field } from '../contracts/types';
import { operandsOf, plainField } from '../expressions/inspectExpression';
import { parseExpression } from '../expressions/parseExpression';
import { substituteFields } from '../expressions/substituteFields';
import { Expression } from '../expressions/types';
import { MappingSegment, ProjectedField, SetAside } from '../mapping/types';
import { AgentRegistry } from './agentRegistry';
import { setAsideBy } from './setAside';
import { MigrationStep } from './types';

/**
 * Parts of one fused expression. Steps that use a field twice double it, so
 * that without a limit thirty of them would fill the memory.
 */
const MAX_PARTS = 5_000;

/** A declarative step that has been applied, with what it saw. */
export interface AppliedStep {
  step: MigrationStep;
  agent: DeclarativeAgent<any> | ImperativeAgentPlan<any>;
  before: PlanningState;
}

/**
 * Applies steps one after the other to the fields of a version and fuses runs
 * of declarative ones into one projection each.
 */
export class MappingBuilder {
  readonly applied: AppliedStep[] = [];
  readonly setAside: SetAside[] = [];
  private readonly closed: MappingSegment[] = [];
  /** The fields as they stand, each over the fields where the segment began. */
  private current: ProjectedField[];

  constructor(
    source: Field[],
    private readonly registry: AgentRegistry,
    private readonly targetField: (name: string) => Field | undefined,
  ) {
    this.current = source.map(keep);
  }

  get fields(): Field[] {
    return this.current.map(projected => projected.field);
  }

  /** @throws InputError naming what does not fit */
  apply(step: MigrationStep): void {
    const agent = this.registry.agentOf(step);
    const before = this.state();
    if (agent.kind === 'imperative') {
      this.applyImperative(agent, step);
    } else {
      this.fuse(agent.plan(step.payload, before));
    }
    requireUniqueNames(this.fields);
    this.applied.push({ step, agent, before });
  }

  /** The segments, the last of which yields the target's fields in their order. */
  finish(target: Field[]): MappingSegment[] {
    const fields = target.map(field => {
      const projected = this.current.find(
        item => item.field.name === field.name,
      )!;
      return { field, expression: projected.expression };
    });
    return [...this.closed, { kind: 'projection', fields }];
  }

  private state(): PlanningState {
    const { fields } = this;
    return {
      fields: this.current,
      targetField: this.targetField,
      parseExpression: text => parseExpression(text, fields),
    };
  }

  private applyImperative(
    agent: ImperativeAgentPlan<any>,
    step: MigrationStep,
  ): void {
    const output = agent.output(step.payload, this.fields, this.targetField);
    const changes = agent.changes?.(step.payload, this.fields);
    const unknown = changes?.find(
      name => !output.some(field => field.name === name),
    );
    if (unknown !== undefined) {
      throw new InputError(
        `the agent says that it changes \`${unknown}\`, which it does not return`,
      );
    }
    this.closed.push(
      { kind: 'projection', fields: this.current },
      {
        kind: 'agent',
        agent: agent.id,
        payload: step.payload,
        output,
        ...(changes && { changes }),
      },
    );
    this.current = output.map(keep);
  }

  private fuse(planned: ProjectedField[]): void {
    const yields = new Map(
      this.current.map(({ field, expression }) => [field.name, expression]),
    );
    const sizes = new Map(
      [...yields].map(([name, expression]) => [name, sizeOf(expression)]),
    );
    const yieldOf = (name: string): Expression => {
      const expression = yields.get(name);
      if (!expression) {
        throw new InputError(`there is no field \`${name}\``);
      }
      return expression;
    };
    const toSource = (expression: Expression) =>
      substituteFields(expression, yieldOf);
    const projected = planned.map(({ field, expression }) => {
      const size = sizeOf(expression, name => sizes.get(name) ?? 1);
      if (size > MAX_PARTS) {
        throw new InputError(
          `\`${field.name}\` would be computed by an expression of ${size} parts; at most ${MAX_PARTS} are allowed`,
        );
      }
      if (!sameType(field.type, expression.type)) {
        throw new InputError(
          `the agent yields another type for \`${field.name}\` than it says`,
        );
      }
      return { field, expression: toSource(expression) };
    });
    // A copy of a field that is cast alike sets the same rows aside.
    const known = new Set(this.setAside.map(reason => JSON.stringify(reason)));
    this.setAside.push(
      ...setAsideBy(planned, toSource, this.closed).filter(
        reason => !known.has(JSON.stringify(reason)),
      ),
    );
    this.current = projected;
  }
}

function sizeOf(
  expression: Expression,
  sizeOfField: (name: string) => number = () => 1,
): number {
  return expression.op === 'field'
    ? sizeOfField(expression.name)
    : operandsOf(expression).reduce(
        (sum, operand) => sum + sizeOf(operand, sizeOfField),
        1,
      );
}

function requireUniqueNames(fields: Field[]): void {
  const names = new Set<string>();
  for (const { name } of fields) {
    if (names.has(name)) {
      throw new InputError(`there would be two fields \`${name}\``);
    }
    names.add(name);
  }
}

/**
 * The source field whose values a target field holds, casts aside; undefined
 * where an expression or an agent computes it.
 */
export function lineageOf(
  segments: MappingSegment[],
  name: string,
): string | undefined {
  return segments.reduceRight<string | undefined>((current, segment) => {
    if (segment.kind === 'agent') {
      return current !== undefined && segment.changes?.includes(current)
        ? undefined
        : current;
    }
    const projected = segment.fields.find(item => item.field.name === current);
    return projected && plainField(projected.expression);
  }, name);
}
