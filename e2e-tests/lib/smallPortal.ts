import { createSmallPortal } from './createSmallPortal';

createSmallPortal().then(portal => portal.start());
