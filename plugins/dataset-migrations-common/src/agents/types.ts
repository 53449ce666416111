import { JsonObject } from '@backstage/types';
import { Field } from '../contracts/types';
import { Expression } from '../expressions/types';
import { ProjectedField } from '../mapping/types';

/**
 * What a declarative agent sees and yields while a plan is made: the fields as
 * they stand after the steps before it, each with its expression over the
 * source.
 *
 * @public
 */
export interface PlanningState {
  fields: ProjectedField[];
  /**
   * The field of the target contract with that name, if there is one. Lets an
   * agent take type, required and default from the contract instead of having
   * the owner write them twice.
   */
  targetField(name: string): Field | undefined;
  /**
   * Parses SQL text over the current fields into a typed expression over the
   * current fields.
   * @throws InputError naming the construct that is not allowed
   */
  parseExpression(text: string): Expression;
}

/**
 * The planning half of an agent, pure. One agent is one file: what it accepts,
 * how it validates, how it plans, what it undoes.
 *
 * @public
 */
export interface DeclarativeAgent<TPayload extends JsonObject = JsonObject> {
  kind: 'declarative';
  id: string;
  /** One sentence for people who write migration documents. */
  description: string;
  /** JSON Schema (draft 2020-12) of the payload. */
  payloadSchema: JsonObject;
  /**
   * Yields the fields after this step. Expressions are over the *current*
   * fields; the planner substitutes them into expressions over the source.
   * @throws InputError naming the payload's field and value
   */
  plan(payload: TPayload, state: PlanningState): ProjectedField[];
  /**
   * The steps that bring what is *written to the new version* back to the
   * fields before this one: a right inverse. Applied to a row of the new
   * version and then mapped forward again, they give the same row, or fail for
   * that row. They need not give old rows back: those keep their values as long
   * as nobody changes them. Otherwise a sentence why it cannot be done.
   */
  invert(
    payload: TPayload,
    before: PlanningState,
  ): Array<{ agent: string; payload: JsonObject }> | { irreversible: string };
}

/**
 * The planning half of an imperative agent: which fields come out. Its running
 * half lives in the node package.
 *
 * @public
 */
export interface ImperativeAgentPlan<TPayload extends JsonObject = JsonObject> {
  kind: 'imperative';
  id: string;
  description: string;
  payloadSchema: JsonObject;
  /** The fields of the batches it returns. */
  output(
    payload: TPayload,
    fields: Field[],
    target: (name: string) => Field | undefined,
  ): Field[];
  /**
   * Names of the fields it returns whose values are not those that went in under
   * the same name. Readers of such a field are judged as by any other breaking
   * change; the values of all other fields pass for untouched.
   */
  changes?(payload: TPayload, fields: Field[]): string[];
}

/** @public */
export type AgentDefinition = DeclarativeAgent<any> | ImperativeAgentPlan<any>;
