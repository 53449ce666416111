import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { TextToggle } from '../shared/TextToggle';
import { HistoryRange, historyRanges } from './useHistoryRange';

/** How far back the charts go. */
export function RangeSwitch(props: {
  value: HistoryRange;
  onChange(range: HistoryRange): void;
}) {
  const { value, onChange } = props;
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      aria-label="Span of time"
      value={value.id}
      onChange={(_, id) => {
        const range = historyRanges.find(candidate => candidate.id === id);
        if (range) {
          onChange(range);
        }
      }}
    >
      {historyRanges.map(({ id, name }) => (
        <TextToggle key={id} value={id} aria-label={name}>
          {id.replace(/(\d+)/, '$1 ')}
        </TextToggle>
      ))}
    </ToggleButtonGroup>
  );
}
