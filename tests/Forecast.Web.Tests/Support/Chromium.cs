using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Forecast.Web.Tests.Support;

/// <summary>One server and one browser for all tests; each test opens its own visit, which shares nothing with the others.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Debian's browser, so that Playwright has none to download.</summary>
    private const string Executable = "/usr/bin/chromium";

    /// <summary>Longest wait for anything that a page does, in milliseconds.</summary>
    private const float Patience = 60_000;

    // The browser's own errands are off, and no name but this machine's can be resolved: what a page needs must come from the server.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ];

    private Site? _site;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private Task<(string Passengers, string Rates)>? _runs;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable)) throw new InvalidOperationException($"{Executable} is missing: install Debian's package chromium before these tests");
        // Much else may run on the machine: patience costs nothing when all is well.
        Assertions.SetDefaultExpectTimeout(Patience);
        _site = await Site.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Arguments, Headless = true, Timeout = Patience });
    }

    /// <summary>A person with an empty browser opens the pages.</summary>
    /// <param name="width">Width of the window in pixels.</param>
    /// <param name="dark">Whether the system asks for dark colours.</param>
    /// <param name="site">Another server; null = the one that all tests share.</param>
    public async Task<Visit> VisitAsync(int width = 1280, bool dark = false, Site? site = null)
    {
        if (_browser is null || _site is null) throw new InvalidOperationException("the browser is not started");
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = (site ?? _site).Address.ToString(),
            AcceptDownloads = true,
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        context.SetDefaultTimeout(Patience);
        return await Visit.OpenAsync(context);
    }

    /// <summary>Finished runs for pages to show, made once: twelve steps of passengers, and one day of exchange rates with tails and a strategy.</summary>
    public Task<(string Passengers, string Rates)> RunsAsync() => _runs ??= Seeds.MakeAsync((_site ?? throw new InvalidOperationException("the server is not started")).Address);

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_site is not null) await _site.DisposeAsync();
    }
}
