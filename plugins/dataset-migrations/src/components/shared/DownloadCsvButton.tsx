import { useCallback } from 'react';
import Button from '@material-ui/core/Button';
import GetAppIcon from '@material-ui/icons/GetApp';
import { useAction } from '../../hooks/useAction';
import { saveFile } from '../../saveFile';
import { InlineError } from './InlineError';

/**
 * Saves a list as a table for a spreadsheet.
 *
 * @param props.name - of the file, without its ending
 * @param props.load - asks for it as CSV; must not change from one render to the next
 */
export function DownloadCsvButton(props: {
  name: string;
  load(): Promise<string>;
}) {
  const { name, load } = props;
  const download = useAction(
    useCallback(async () => {
      saveFile(`${fileNameOf(name)}.csv`, 'text/csv', await load());
    }, [name, load]),
  );
  return (
    <>
      <Button
        variant="outlined"
        startIcon={<GetAppIcon />}
        disabled={download.running}
        onClick={() => download.run()}
      >
        Download CSV
      </Button>
      <InlineError error={download.error} />
    </>
  );
}

/** Letters and digits of any script; else one file system or another objects. */
function fileNameOf(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
}
