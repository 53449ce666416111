import { Theme } from '@material-ui/core/styles';

/** What a colour says; never said by the colour alone. */
export type Tone = 'ok' | 'warning' | 'error' | 'running' | 'neutral';

/** The portal's status colours; plain Material UI themes have none, hence the fallbacks. */
export function toneColor(theme: Theme, tone: Tone): string {
  const { palette } = theme;
  switch (tone) {
    case 'ok':
      return palette.status?.ok ?? palette.success.main;
    case 'warning':
      return palette.status?.warning ?? palette.warning.main;
    case 'error':
      return palette.status?.error ?? palette.error.main;
    case 'running':
      return palette.status?.running ?? palette.info.main;
    default:
      return palette.textSubtle ?? palette.text.secondary;
  }
}
