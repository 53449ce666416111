import { createSmallPortal } from '../lib/createSmallPortal';

/** That of a company that adds an agent of its own. */
createSmallPortal().then(portal => {
  portal.add(import('@skein-examples/backend-module-mask-email-agent'));
  return portal.start();
});
