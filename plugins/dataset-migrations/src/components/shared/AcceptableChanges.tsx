import { useCallback, useState } from 'react';
import Button from '@material-ui/core/Button';
import {
  Change,
  ConsumerVerdict,
  describeChange,
  Field,
  gradeOf,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { useCanOverride } from '../../hooks/useCanOverride';
import { useDroppedAcceptances } from '../../hooks/useDroppedAcceptances';
import { AcceptChangeDialog } from './AcceptChangeDialog';
import { ChangesTable } from './ChangesTable';
import { DroppedAcceptances } from './DroppedAcceptances';
import { WithdrawChangeDialog } from './WithdrawChangeDialog';

/** Changes that whoever may override accepts one by one, or takes that back. */
export function AcceptableChanges(props: {
  datasetRef: string;
  fromVersion: string;
  toVersion: string;
  changes: Change[];
  /** As they are judged by these changes. */
  consumers: ConsumerVerdict[];
  source?: Field[];
  target?: Field[];
  /** Something was accepted, or taken back, or is otherwise than it is shown. */
  onChanged: () => void;
}) {
  const { datasetRef, fromVersion, toVersion, changes, consumers } = props;
  const { source, target, onChanged } = props;
  const allowed = useCanOverride(datasetRef);
  const dropped = useDroppedAcceptances(
    { datasetRef, fromVersion, toVersion },
    changes,
  );
  const [chosen, setChosen] = useState<Change>();
  const close = useCallback(() => setChosen(undefined), []);
  const actionOf = useCallback(
    (change: Change) =>
      canDecide(change) && (
        <Button
          size="small"
          variant="outlined"
          aria-label={`${wordFor(change)}: ${nameOf(change)}`}
          onClick={() => setChosen(change)}
        >
          {wordFor(change)}…
        </Button>
      ),
    [],
  );
  return (
    <>
      <ChangesTable
        changes={changes}
        source={source}
        target={target}
        actionOf={allowed && changes.some(canDecide) ? actionOf : undefined}
      />
      <DroppedAcceptances dropped={dropped} />
      {chosen && !chosen.accepted && (
        <AcceptChangeDialog
          datasetRef={datasetRef}
          targetVersion={toVersion}
          change={chosen}
          consumers={consumers}
          onClose={close}
          onChanged={onChanged}
        />
      )}
      {chosen?.accepted && (
        <WithdrawChangeDialog
          datasetRef={datasetRef}
          change={chosen}
          acceptance={chosen.accepted}
          onClose={close}
          onChanged={onChanged}
        />
      )}
    </>
  );
}

/** What touches nobody needs no decision; plans of earlier releases name no rules. */
function canDecide(change: Change): boolean {
  return change.rule !== undefined && gradeOf(change) !== 'compatible';
}

function wordFor({ accepted }: Change): string {
  return accepted ? 'Withdraw' : 'Accept';
}

/** Tells the buttons apart for who hears them. */
function nameOf(change: Change): string {
  return describeChange(change).replaceAll('`', '');
}
