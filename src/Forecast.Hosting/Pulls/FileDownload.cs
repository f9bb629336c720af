using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Forecast.Core;

namespace Forecast.Hosting.Pulls;

/// <summary>
/// Fetches one file into a part file beside its place. A transfer that is cut goes on where it was, in this process or a later one: the
/// part file keeps the bytes, a small file beside it the server's tag of the version that they are of.
/// </summary>
internal sealed class FileDownload(HubServer server, PullRequest request, IProgress<PullProgress>? progress)
{
    private const int BufferSize = 1 << 17;

    /// <summary>Bytes that came over the wire.</summary>
    public long Fetched { get; private set; }

    /// <param name="address">Of the file.</param>
    /// <param name="name">Plain name.</param>
    /// <param name="part">Where its bytes gather.</param>
    /// <param name="size">What the server's list says, or null.</param>
    /// <param name="optional">Whether a missing file is an answer, not an error.</param>
    /// <param name="cancellation">Keeps the part file.</param>
    /// <returns>The complete file's size and hash; null when an optional file is missing.</returns>
    /// <exception cref="ForecastException">The server has no such file, refuses it, or does not answer however often it is asked.</exception>
    public async Task<PulledFile?> RunAsync(Uri address, string name, string part, long? size, bool optional, CancellationToken cancellation)
    {
        var pause = request.Pause;
        for (var attempt = 1; ; attempt++)
        {
            var before = Fetched;
            TimeSpan? asked = null;
            string trouble;
            try
            {
                var (done, wait, found) = await TryAsync(address, name, part, size, optional, cancellation);
                if (!found) return null;
                if (done) return await MeasureAsync(name, part, size, cancellation);
                (trouble, asked) = ($"{server.Host} is busy", wait);
            }
            catch (Exception e) when (e is HttpRequestException or IOException { InnerException: not null } or HttpIOException or TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                trouble = e is OperationCanceledException or TimeoutException ? $"{server.Host} was silent for {request.Patience.TotalSeconds:0} s" : e.Message;
            }

            if (Fetched > before) (attempt, pause) = (1, request.Pause);
            if (attempt >= request.Attempts)
                throw new ForecastException("pull-cut", $"'{name}' could not be fetched from {server.Host} in {attempt} tries: {trouble}; what is here is kept, and the next pull goes on from there", "SOURCE");
            progress?.Report(new PullProgress(name, Length(part), size, trouble));
            await Task.Delay(asked ?? pause, cancellation);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, TimeSpan.TicksPerMinute));
        }
    }

    /// <summary>One request. Not done means: the server asks to come back later.</summary>
    private async Task<(bool Done, TimeSpan? Wait, bool Found)> TryAsync(Uri address, string name, string part, long? size, bool optional, CancellationToken cancellation)
    {
        var (have, tag) = (Length(part), ReadTag(part));
        if (have > 0 && (tag is null || have > (size ?? long.MaxValue))) have = Restart(part);
        if (have > 0 && have == size) return (true, null, true);
        using var answer = await server.SendAsync(
            address,
            r =>
            {
                if (have == 0) return;
                r.Headers.Range = new RangeHeaderValue(have, null);
                r.Headers.IfRange = new RangeConditionHeaderValue(EntityTagHeaderValue.Parse(tag!));
            },
            cancellation);
        if (optional && answer.StatusCode == HttpStatusCode.NotFound) return (false, null, false);
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The part has as many bytes as the file or more: either it is complete, or it is of another version.
            if (answer.Content.Headers.ContentRange?.Length == have) return (true, null, true);
            Restart(part);
            return (false, TimeSpan.Zero, true);
        }

        if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)answer.StatusCode >= 500)
            return (false, Wait(answer.Headers.RetryAfter), true);
        server.Refuse(answer, name);
        var goesOn = answer.StatusCode == HttpStatusCode.PartialContent;
        if (goesOn && answer.Content.Headers.ContentRange?.From != have) throw new ForecastException("hub-answer", $"{server.Host} sent other bytes of '{name}' than were asked for", "mirror");
        if (!goesOn) have = Restart(part);
        WriteTag(part, answer.Headers.ETag);
        await CopyAsync(answer, name, part, have, size, cancellation);
        return (true, null, true);
    }

    private async Task CopyAsync(HttpResponseMessage answer, string name, string part, long have, long? size, CancellationToken cancellation)
    {
        var whole = size ?? (answer.Content.Headers.ContentLength is { } rest ? have + rest : null);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var source = await answer.Content.ReadAsStreamAsync(silence.Token);
        await using var target = new FileStream(part, FileMode.Append, FileAccess.Write, FileShare.Read, 1, FileOptions.Asynchronous);
        var buffer = new byte[BufferSize];
        while (true)
        {
            silence.CancelAfter(request.Patience);
            var count = await source.ReadAsync(buffer, silence.Token);
            if (count == 0) break;
            have += count;
            if (have > whole) throw new ForecastException("hub-answer", $"{server.Host} sends more than the {whole} bytes that '{name}' has", "mirror");
            await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
            Fetched += count;
            progress?.Report(new PullProgress(name, have, whole));
        }

        if (whole is { } wanted && have < wanted) throw new HttpRequestException($"the transfer ended after {have} of {wanted} bytes");
    }

    private static async Task<PulledFile> MeasureAsync(string name, string part, long? size, CancellationToken cancellation)
    {
        await using var stream = new FileStream(part, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
        if (size is { } wanted && stream.Length != wanted) throw new ForecastException("hub-answer", $"'{name}' has {stream.Length} bytes where the list says {wanted}", "mirror");
        return new PulledFile(name, stream.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation)));
    }

    private static TimeSpan? Wait(RetryConditionHeaderValue? retry)
    {
        var wait = retry?.Delta ?? (retry?.Date is { } date ? date - TimeProvider.System.GetUtcNow() : null);
        return wait is { } w ? TimeSpan.FromSeconds(Math.Clamp(w.TotalSeconds, 0, 120)) : null;
    }

    private static long Length(string part) => File.Exists(part) ? new FileInfo(part).Length : 0;

    private static long Restart(string part)
    {
        File.Delete(part);
        File.Delete(TagFile(part));
        return 0;
    }

    private static string TagFile(string part) => part + ".etag";

    private static string? ReadTag(string part) =>
        File.Exists(TagFile(part)) && EntityTagHeaderValue.TryParse(File.ReadAllText(TagFile(part)), out var tag) && !tag.IsWeak ? tag.ToString() : null;

    /// <summary>Without a strong tag nothing says that later bytes are of the same version: such a part starts anew.</summary>
    private static void WriteTag(string part, EntityTagHeaderValue? tag)
    {
        if (tag is { IsWeak: false }) File.WriteAllText(TagFile(part), tag.ToString());
        else File.Delete(TagFile(part));
    }
}
