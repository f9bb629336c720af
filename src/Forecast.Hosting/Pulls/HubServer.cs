using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Forecast.Core;

namespace Forecast.Hosting.Pulls;

/// <summary>What a server says it has of a model.</summary>
/// <param name="Commit">Its version; null where the server keeps none.</param>
/// <param name="Files">Size and SHA-256 by name, each null where it does not say; null = it gives no list.</param>
internal sealed record HubListing(string? Commit, IReadOnlyDictionary<string, (long? Size, string? Sha256)>? Files);

/// <summary>
/// A server with the layout of the Hugging Face hub, or a plain folder of files. The token goes to this server only: requests that it
/// redirects elsewhere carry none.
/// </summary>
internal sealed class HubServer : IDisposable
{
    private const int LongestListing = 32 << 20;

    private readonly HttpClient _http;
    private readonly Uri _root;
    private readonly string? _token;

    /// <param name="root">Of the hub, or of the folder.</param>
    /// <param name="token">For private models, or null.</param>
    /// <param name="patience">For the answer's headers.</param>
    public HubServer(Uri root, string? token, TimeSpan patience)
    {
        if (token is not null && root.Scheme != "https" && !root.IsLoopback)
            throw new ForecastException("token-exposed", $"a token is set, but {root.Host} is not reached by https; it would travel in the open", "mirror");
        _root = root;
        _token = token;
        // Redirects are followed by the handler, which drops the Authorization header and never goes from https to http.
        _http = new HttpClient(new SocketsHttpHandler { MaxAutomaticRedirections = 5, ConnectTimeout = TimeSpan.FromSeconds(20), AutomaticDecompression = DecompressionMethods.None }) { Timeout = patience };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Forecast", typeof(HubServer).Assembly.GetName().Version?.ToString(3)));
    }

    public string Host => _root.Authority;

    /// <summary>The address of a file of a published model.</summary>
    public Uri File(string name, string revision, string file) => new(_root, $"{name}/resolve/{Uri.EscapeDataString(revision)}/{file}");

    /// <summary>The address of a file of a plain folder.</summary>
    public Uri File(string file) => new(_root, file);

    /// <summary>What there is of a published model. A mirror without lists is asked for each file by its name instead.</summary>
    /// <exception cref="ForecastException">There is no such model, or no right to read it.</exception>
    public async Task<HubListing> ListAsync(string name, string revision, CancellationToken cancellation)
    {
        using var answer = await SendAsync(new Uri(_root, $"api/models/{name}/revision/{Uri.EscapeDataString(revision)}?blobs=true"), null, cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound) return new HubListing(null, null);
        if (answer.StatusCode == HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500) throw new HttpRequestException($"it answered {(int)answer.StatusCode}");
        Refuse(answer, name);
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
            using var json = await JsonDocument.ParseAsync(new CappedStream(stream, LongestListing), new JsonDocumentOptions { MaxDepth = 32 }, cancellation);
            var files = new Dictionary<string, (long?, string?)>(StringComparer.Ordinal);
            foreach (var entry in json.RootElement.GetProperty("siblings").EnumerateArray())
            {
                var file = entry.GetProperty("rfilename").GetString() ?? "";
                // Files in folders, and whatever would lead out of this one, are not ours to fetch.
                if (ModelFiles.IsPlain(file)) files[file] = (Size(entry), Hash(entry));
            }

            var commit = json.RootElement.TryGetProperty("sha", out var sha) ? sha.GetString() : null;
            return new HubListing(commit is { Length: > 0 and <= 64 } && commit.All(char.IsAsciiLetterOrDigit) ? commit : null, files);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ForecastException("hub-answer", $"{Host} gave a list of '{name}' that cannot be read: {e.Message}", "mirror", inner: e);
        }
    }

    /// <summary>Asks for a file, from a byte on. The caller looks at the status.</summary>
    public async Task<HttpResponseMessage> SendAsync(Uri address, Action<HttpRequestMessage>? prepare, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (_token is not null && Uri.Compare(address, _root, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        prepare?.Invoke(request);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>Turns an answer that no further try would change into an error.</summary>
    public void Refuse(HttpResponseMessage answer, string what)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new ForecastException(
                "pull-denied",
                _token is null
                    ? $"{Host} does not give '{what}' to everyone ({(int)answer.StatusCode}); put a token into {PullRequest.TokenVariables[0]}"
                    : $"{Host} refuses '{what}' to this token ({(int)answer.StatusCode}); it may be expired, or the model's terms not accepted",
                "SOURCE");
        }

        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) throw new ForecastException("pull-missing", $"{Host} has no '{what}'", "SOURCE");
        if (!answer.IsSuccessStatusCode) throw new ForecastException("hub-answer", $"{Host} answered {(int)answer.StatusCode} for '{what}'", "mirror");
    }

    public void Dispose() => _http.Dispose();

    private static long? Size(JsonElement entry) => entry.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes) && bytes >= 0 ? bytes : null;

    private static string? Hash(JsonElement entry) =>
        entry.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object && lfs.TryGetProperty("sha256", out var hash) && hash.GetString() is { Length: 64 } text ? text.ToLowerInvariant() : null;
}
