import { Config } from '@backstage/config';

/** Where people reach the portal, without a slash at the end; for links. */
export function readPortalUrl(config: Config): string | undefined {
  return config.getOptionalString('app.baseUrl')?.replace(/\/$/, '');
}
