using System.Text.Json;
using Microsoft.Playwright;

namespace Forecast.Web.Tests.Support;

/// <summary>Looks for barriers with axe-core, the rules that assistive technology lives by (WCAG 2.2 A and AA).</summary>
internal static class Axe
{
    private const string Run =
        """
        async () => {
          const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] });
          return JSON.stringify(found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
            .map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 4).map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? '')).join(' | ')}`));
        }
        """;

    /// <summary>No serious and no critical issue.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IPage page)
    {
        var script = Repository.At("web", "node_modules", "axe-core", "axe.min.js");
        if (!File.Exists(script)) throw new InvalidOperationException($"{script} is missing: build the pages with web/build before these tests");
        await page.AddScriptTagAsync(new() { Content = await File.ReadAllTextAsync(script) });
        return JsonSerializer.Deserialize<string[]>(await page.EvaluateAsync<string>(Run)) ?? [];
    }
}
