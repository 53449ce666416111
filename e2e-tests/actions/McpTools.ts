import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ActionClient, PLUGIN } from './ActionClient';

/** The official MCP client at the portal's endpoint, as the bearer of a token. */
export class McpTools implements ActionClient {
  private constructor(private readonly client: Client) {}

  static async connect(url: string, token: string): Promise<McpTools> {
    const client = new Client({ name: 'e2e-tests', version: '1.0.0' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${url}/api/mcp-actions/v1`), {
        requestInit: { headers: { Authorization: `Bearer ${token}` } },
      }),
    );
    return new McpTools(client);
  }

  async list(): Promise<string[]> {
    return (await this.tools()).map(({ name }) =>
      name.slice(PLUGIN.length + 1),
    );
  }

  /** Ours among the tools that the portal has. */
  async tools() {
    const { tools } = await this.client.listTools();
    return tools.filter(({ name }) => name.startsWith(`${PLUGIN}.`));
  }

  async call(name: string, input: Record<string, unknown>): Promise<any> {
    const result = await this.client.callTool({
      name: `${PLUGIN}.${name}`,
      arguments: input,
    });
    if (result.isError) {
      throw new Error(
        (result.content as Array<{ text: string }>)
          .map(({ text }) => text)
          .join('\n'),
      );
    }
    return result.structuredContent;
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
