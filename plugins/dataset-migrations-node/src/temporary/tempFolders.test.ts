import { chown, mkdir, mkdtemp, rm, stat, symlink } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { makeTempFolder, prepareTempBase } from './tempFolders';

const KEY = 'datasetMigrations.test.tempDirectory';

describe('temporary folders', () => {
  let base: string;

  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'skein-temp-'));
  });
  afterEach(() => rm(base, { recursive: true }));

  const modeOf = async (folder: string) => (await stat(folder)).mode % 0o1000;

  it('are for nobody else', async () => {
    const spill = path.join(base, 'spill');
    await prepareTempBase(spill, KEY);
    await prepareTempBase(spill, KEY);
    expect(await modeOf(spill)).toBe(0o700);
    expect(await modeOf(await makeTempFolder(spill))).toBe(0o700);
  });

  it('G11: are not made where a link leads elsewhere', async () => {
    await mkdir(path.join(base, 'elsewhere'));
    const link = path.join(base, 'link');
    await symlink(path.join(base, 'elsewhere'), link);
    await expect(prepareTempBase(link, KEY)).rejects.toThrow(
      `Rows cannot be put into '${link}'`,
    );
  });

  /** Only root can give a folder away; for all others root's will do. */
  async function foreignFolder() {
    if (process.getuid!() !== 0) {
      return '/usr';
    }
    const theirs = path.join(base, 'theirs');
    await mkdir(theirs);
    await chown(theirs, 65534, 65534);
    return theirs;
  }

  it("G11: are not made in another user's folder", async () => {
    await expect(
      prepareTempBase(await foreignFolder(), KEY),
    ).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringContaining(KEY),
    });
  });
});
