import { dependencies } from '../../../package.json';
import { READER_VERSION } from './scanTasks';

describe('what a stored result hangs on', () => {
  it('has the version of the parser, so that another one reads anew', () => {
    expect(READER_VERSION).toContain(
      `polyglot ${dependencies['@polyglot-sql/sdk']}`,
    );
  });
});
