using System.Net.Http.Headers;

namespace Forecast.Api.Tests.Support;

/// <summary>A server-sent event as it came over the line.</summary>
public sealed record SentEvent(long Id, string Kind, string Data);

/// <summary>Reads server-sent events, and can leave in the middle.</summary>
public static class EventReader
{
    /// <summary>Events after a number, until the stream ends or so many were read; then the line is cut.</summary>
    public static async Task<IReadOnlyList<SentEvent>> ReadAsync(Server server, string job, long? after, int most)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{job}/events") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/event-stream") } } };
        if (after is { } last) request.Headers.Add("Last-Event-ID", $"{last}");
        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var events = new List<SentEvent>();
        var (id, kind, data) = (0L, "", "");
        while (events.Count < most && await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = long.Parse(line[4..]);
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) kind = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && id > 0)
            {
                events.Add(new SentEvent(id, kind, data));
                (id, kind, data) = (0, "", "");
            }
        }

        return events;
    }
}
