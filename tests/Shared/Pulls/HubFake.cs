using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forecast.Tests.Shared.Pulls;

/// <summary>A server of the hub's layout on a port of its own: lists, files with ranges and tags, tokens, and every kind of trouble.</summary>
internal sealed class HubFake : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _partFolder;

    private HubFake(WebApplication app, string partFolder) => (_app, _partFolder) = (app, partFolder);

    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public string Commit { get; set; } = "c0ffee01";

    /// <summary>Needed for every request when set.</summary>
    public string? Token { get; set; }

    public bool Lists { get; set; } = true;

    /// <summary>Names that the list has beside those of the files.</summary>
    public List<string> StrayNames { get; } = [];

    /// <summary>Connections that are cut after this many bytes of a file.</summary>
    public int? CutAfter { get; set; }

    /// <summary>How many transfers are cut.</summary>
    public int Cuts { get; set; }

    /// <summary>Bytes of a file after which the server falls silent until the client goes away; null = never.</summary>
    public int? SilentAfter { get; set; }

    /// <summary>Answers of 503 before the first good one.</summary>
    public int Busy { get; set; }

    /// <summary>Where files are redirected to, as the public hub does.</summary>
    public string? RedirectTo { get; set; }

    /// <summary>Whether requests for a part are answered with the whole.</summary>
    public bool IgnoresRanges { get; set; }

    public bool WrongHashes { get; set; }

    /// <summary>Path, Range and Authorization of each request, in order.</summary>
    public ConcurrentQueue<(string Path, string Range, string Authorization)> Requests { get; } = new();

    public string Address { get; private set; } = "";

    /// <param name="partFolder">Where the client gathers bytes: a transfer is cut when those before the cut have arrived there.</param>
    public static async Task<HubFake> StartAsync(string partFolder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new HubFake(app, partFolder);
        app.Run(fake.AnswerAsync);
        await app.StartAsync();
        fake.Address = app.Urls.First();
        return fake;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, answer) = (context.Request, context.Response);
        Requests.Enqueue((request.Path, request.Headers.Range.ToString(), request.Headers.Authorization.ToString()));
        if (Token is not null && request.Headers.Authorization != $"Bearer {Token}") answer.StatusCode = 401;
        else if (Busy > 0) (Busy, answer.StatusCode, answer.Headers.RetryAfter) = (Busy - 1, 503, "0");
        else if (request.Path.StartsWithSegments("/api/models", StringComparison.Ordinal)) await ListAsync(answer);
        else if (!Files.TryGetValue(request.Path.Value!.Split('/')[^1], out var bytes)) answer.StatusCode = 404;
        else if (RedirectTo is { } other) answer.Redirect(other + request.Path);
        else await FileAsync(context, bytes);
    }

    private async Task ListAsync(HttpResponse answer)
    {
        if (!Lists)
        {
            answer.StatusCode = 404;
            return;
        }

        var files = Files.Select(f => (object)new { rfilename = f.Key, size = f.Value.Length, lfs = new { sha256 = WrongHashes ? new string('0', 64) : Hash(f.Value) } });
        await answer.WriteAsync(JsonSerializer.Serialize(new { sha = Commit, siblings = files.Concat(StrayNames.Select(n => (object)new { rfilename = n })) }));
    }

    private async Task FileAsync(HttpContext context, byte[] bytes)
    {
        var answer = context.Response;
        var tag = $"\"{Hash(bytes)[..16]}\"";
        answer.Headers.ETag = tag;
        var from = 0L;
        if (!IgnoresRanges && context.Request.GetTypedHeaders().Range is { } range && context.Request.GetTypedHeaders().IfRange?.EntityTag?.ToString() == tag)
        {
            from = range.Ranges.Single().From!.Value;
            if (from >= bytes.Length)
            {
                (answer.StatusCode, answer.Headers.ContentRange) = (416, $"bytes */{bytes.Length}");
                return;
            }

            (answer.StatusCode, answer.Headers.ContentRange) = (206, string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{bytes.Length - 1}/{bytes.Length}"));
        }

        answer.ContentLength = bytes.Length - from;
        var rest = bytes.AsMemory((int)from);
        if (CutAfter is { } cut && Cuts > 0 && rest.Length > cut)
        {
            Cuts--;
            await answer.Body.WriteAsync(rest[..cut]);
            await answer.Body.FlushAsync();
            var part = new FileInfo(Path.Combine(_partFolder, context.Request.Path.Value!.Split('/')[^1]));
            for (var wait = 0; wait < 1000 && (!part.Exists || part.Length < from + cut); wait++)
            {
                await Task.Delay(10);
                part.Refresh();
            }

            context.Abort();
            return;
        }

        if (SilentAfter is { } silent && rest.Length > silent)
        {
            await answer.Body.WriteAsync(rest[..silent]);
            await answer.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        await answer.Body.WriteAsync(rest);
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
