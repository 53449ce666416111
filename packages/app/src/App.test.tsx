import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import App from './App';

const amelia = {
  entityRef: 'user:default/amelia',
  name: 'Amelia',
  role: 'Owner',
};
const grace = {
  entityRef: 'user:default/grace',
  name: 'Grace',
  role: 'Platform',
};

const config = {
  app: { title: 'Skein', baseUrl: 'http://localhost' },
  backend: { baseUrl: 'http://localhost' },
  auth: { providers: { demo: { users: [amelia, grace] } } },
};

const PATIENCE = { timeout: 30_000 };

describe('App', () => {
  const env = process.env;

  beforeEach(() => {
    // The bundler puts the config here; as an object, which an environment
    // variable cannot be.
    process.env = {
      NODE_ENV: 'test',
      APP_CONFIG: [{ context: 'test', data: config }],
    } as unknown as NodeJS.ProcessEnv;
    window.sessionStorage.clear();
  });

  afterEach(() => {
    process.env = env;
    jest.restoreAllMocks();
  });

  it('asks whom to be, and signs in as them', async () => {
    const fetch = jest
      .spyOn(window, 'fetch')
      .mockRejectedValue(new Error('no backend in this test'));
    render(App.createRoot());

    expect(
      // The app loads in parts; a busy machine takes its time.
      await screen.findByRole('heading', { name: 'Amelia' }, PATIENCE),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: /Grace/ }));

    const signIn = fetch.mock.calls.find(([url]) =>
      String(url).endsWith('/api/auth/demo/refresh'),
    );
    const headers = new Headers(signIn?.[1]?.headers);
    expect(headers.get('x-demo-user')).toBe('user:default/grace');
  });
});
