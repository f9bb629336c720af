using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Forecast.Web.Tests.Support;

/// <summary>One tab of an empty browser, which notes every request and every complaint of the pages.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<Uri> _requests = new();

    private Visit(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    internal static async Task<Visit> OpenAsync(IBrowserContext context)
    {
        var visit = new Visit(context, await context.NewPageAsync());
        context.Request += (_, request) => visit._requests.Enqueue(new Uri(request.Url));
        context.Console += (_, message) => { if (message.Type is "error" or "warning") visit._complaints.Enqueue($"{message.Text} at {message.Location}"); };
        context.WebError += (_, error) => visit._complaints.Enqueue(error.Error);
        return visit;
    }

    /// <summary>Keeps a picture under artifacts/screenshots, for a person to look at.</summary>
    /// <param name="name">Name of the file, without its ending.</param>
    /// <param name="whole">The whole page, or only what the window shows.</param>
    public Task ShotAsync(string name, bool whole = true) =>
        Page.ScreenshotAsync(new() { Path = Repository.At("artifacts", "screenshots", $"{name}.png"), FullPage = whole, Animations = ScreenshotAnimations.Disabled });

    /// <summary>The page is no wider than the window: nothing is cut off, nobody scrolls sideways.</summary>
    public async Task ShouldFitTheWindowAsync() => (await OverflowAsync()).ShouldBeLessThanOrEqualTo(0);

    /// <summary>Pixels by which the page is wider than the window.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");

    /// <summary>Nothing was written to the console as an error or a warning, and nothing was asked of any other machine.</summary>
    /// <param name="refused">Status of the answers that the test provokes; the browser itself notes each of them as an error.</param>
    public void ShouldHaveBeenQuiet(int? refused = null)
    {
        _complaints.Where(text => refused is null || !text.Contains($"the server responded with a status of {refused}", StringComparison.Ordinal)).ShouldBeEmpty();
        _requests.ShouldNotBeEmpty();
        _requests.Where(uri => uri.Scheme is not ("data" or "blob") && uri.Host != "127.0.0.1").ShouldBeEmpty();
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
