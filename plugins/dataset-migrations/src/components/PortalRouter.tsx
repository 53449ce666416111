import { DatasetMigrationsRouter } from './DatasetMigrationsRouter';
import { PageFrameContext } from './shared/PageFrame';
import { PortalPageFrame } from './shared/PortalPageFrame';

/** The pages with the headers of the new frontend system. */
export function PortalRouter() {
  return (
    <PageFrameContext.Provider value={PortalPageFrame}>
      <DatasetMigrationsRouter />
    </PageFrameContext.Provider>
  );
}
