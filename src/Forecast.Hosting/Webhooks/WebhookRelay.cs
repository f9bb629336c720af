using System.Globalization;
using System.Text;
using Forecast.Core;
using Forecast.Store.Webhooks;
using NodaTime;

namespace Forecast.Hosting.Webhooks;

/// <summary>
/// Sends what webhooks are to be told: an answer of 2xx settles a delivery, everything else is tried again after a growing time, and given
/// up after the last. Several servers may do this at once.
/// </summary>
/// <param name="webhooks">Where deliveries stand.</param>
/// <param name="http">Reaches what callers may make a server reach: see <see cref="Net.OutboundHttp"/>.</param>
/// <param name="waits">Time to each further attempt.</param>
/// <param name="complain">Told of trouble with the store.</param>
public sealed class WebhookRelay(IWebhookStore webhooks, HttpClient http, IReadOnlyList<Duration> waits, Action<string, Exception> complain)
{
    private const int AtOnce = 16;
    private static readonly Duration Lease = Duration.FromMinutes(1);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>Eight attempts in a day and a half.</summary>
    public static IReadOnlyList<Duration> UsualWaits { get; } =
    [
        Duration.FromSeconds(10), Duration.FromMinutes(1), Duration.FromMinutes(5), Duration.FromMinutes(30), Duration.FromHours(2), Duration.FromHours(8), Duration.FromHours(24),
    ];

    /// <summary>Sends until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await SendDueAsync(stop) > 0) continue;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The lease of what was taken runs out, and it is sent again.
                complain("webhooks could not be read or settled", e);
            }

            await Task.Delay(Idle, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Deliveries that were tried.</returns>
    internal async Task<int> SendDueAsync(CancellationToken cancellation)
    {
        var due = await webhooks.TakeAsync(AtOnce, Lease, cancellation);
        await Task.WhenAll(due.Select(d => SendAsync(d, cancellation)));
        return due.Count;
    }

    private async Task SendAsync(DueDelivery due, CancellationToken cancellation)
    {
        var (status, error) = await TryAsync(due, cancellation);
        var next = error is not null && due.Attempt <= waits.Count ? SystemClock.Instance.GetCurrentInstant() + waits[due.Attempt - 1] : (Instant?)null;
        await webhooks.SettleAsync(due, status, error, next, cancellation);
    }

    private async Task<(int? Status, string? Error)> TryAsync(DueDelivery due, CancellationToken cancellation)
    {
        try
        {
            var timestamp = SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds();
            using var request = new HttpRequestMessage(HttpMethod.Post, due.Url) { Content = new StringContent(due.Body, Encoding.UTF8, "application/json") };
            request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(WebhookSignature.DeliveryHeader, due.Id);
            request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(due.Secret, timestamp, due.Body));
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var status = (int)answer.StatusCode;
            return (status, answer.IsSuccessStatusCode ? null : $"answered {status}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, "no answer in time");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ForecastException)
        {
            return (null, (e.InnerException as ForecastException ?? e).Message);
        }
    }
}
