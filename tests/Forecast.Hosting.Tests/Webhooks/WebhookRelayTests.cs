using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Forecast.Core;
using Forecast.Hosting.Net;
using Forecast.Hosting.Tests.Data;
using Forecast.Hosting.Webhooks;
using Forecast.Store;
using Forecast.Store.Jobs;
using Forecast.Store.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Forecast.Hosting.Tests.Webhooks;

/// <summary>Ends of jobs, told to a real server.</summary>
public sealed class WebhookRelayTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<Heard> _heard = new();
    private readonly ConcurrentQueue<int> _answers = new();
    private WebApplication? _app;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Address => _app!.Urls.First();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/hook", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var head = context.Request.Headers;
            _heard.Enqueue(new Heard(head[WebhookSignature.DeliveryHeader]!, head[WebhookSignature.TimestampHeader]!, head[WebhookSignature.Header]!, await reader.ReadToEndAsync(Cancel)));
            var status = _answers.TryDequeue(out var wanted) ? wanted : StatusCodes.Status204NoContent;
            if (status == StatusCodes.Status302Found) context.Response.Headers.Location = "/elsewhere";
            context.Response.StatusCode = status;
        });
        _app.MapPost("/elsewhere", () => { throw new InvalidOperationException("a webhook was led elsewhere"); });
        await _app.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync() => await _app!.DisposeAsync();

    [Fact]
    public void A_signature_is_the_hmac_of_time_dot_body() =>
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
        WebhookSignature.Of("key", 1_700_000_000, """{"a":1}""").ShouldBe("v1=a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03");

    [Fact]
    public async Task The_end_of_a_job_is_told_with_a_signature_that_its_secret_makes_again()
    {
        await using var held = await Held.OpenAsync($"{Address}/hook");
        var job = await held.EndJobAsync();

        (await held.Relay(allowPrivate: true).SendDueAsync(Cancel)).ShouldBe(1);

        var heard = _heard.ShouldHaveSingleItem();
        heard.Signature.ShouldBe(WebhookSignature.Of(held.Webhook.Secret, long.Parse(heard.Timestamp, CultureInfo.InvariantCulture), heard.Body));
        Math.Abs(SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds() - long.Parse(heard.Timestamp, CultureInfo.InvariantCulture)).ShouldBeLessThan(60);
        using var told = JsonDocument.Parse(heard.Body);
        told.RootElement.GetProperty("event").GetString().ShouldBe("job.failed");
        told.RootElement.GetProperty("id").GetString().ShouldBe(heard.Delivery);
        told.RootElement.GetProperty("job").GetProperty("id").GetString().ShouldBe(job);
        told.RootElement.GetProperty("job").GetProperty("errorCode").GetString().ShouldBe("broken");
        (await held.DeliveryAsync()).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Delivered), d => d.Attempts.ShouldBe(1), d => d.Status.ShouldBe(204), d => d.Error.ShouldBeNull());
        (await held.Relay(allowPrivate: true).SendDueAsync(Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_refused_is_told_again_until_it_is_taken()
    {
        foreach (var status in new[] { 500, 302 }) _answers.Enqueue(status);
        await using var held = await Held.OpenAsync($"{Address}/hook");
        await held.EndJobAsync();

        for (var i = 0; i < 3; i++) (await held.Relay(allowPrivate: true, Duration.Zero, Duration.Zero).SendDueAsync(Cancel)).ShouldBe(1);

        _heard.Select(h => h.Delivery).Distinct().Count().ShouldBe(1, "a repeated delivery has its id");
        _heard.Count.ShouldBe(3);
        (await held.DeliveryAsync()).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Delivered), d => d.Attempts.ShouldBe(3));
    }

    [Fact]
    public async Task What_is_refused_waits_longer_each_time_and_is_given_up_in_the_end()
    {
        for (var i = 0; i < 2; i++) _answers.Enqueue(503);
        await using var held = await Held.OpenAsync($"{Address}/hook");
        await held.EndJobAsync();

        await held.Relay(allowPrivate: true, Duration.FromHours(1)).SendDueAsync(Cancel);
        var waits = await held.DeliveryAsync();
        waits.State.ShouldBe(DeliveryState.Waiting);
        (waits.NextAt!.Value - SystemClock.Instance.GetCurrentInstant()).TotalMinutes.ShouldBeInRange(59, 60);
        (await held.Relay(allowPrivate: true).SendDueAsync(Cancel)).ShouldBe(0, "its time has not come");

        await held.EndJobAsync();
        await held.Relay(allowPrivate: true).SendDueAsync(Cancel);
        (await held.DeliveryAsync()).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Failed), d => d.Status.ShouldBe(503), d => d.Error.ShouldBe("answered 503"), d => d.EndedAt.ShouldNotBeNull());
    }

    [Fact]
    public async Task A_private_address_is_not_reached_whatever_it_is_called()
    {
        await using var held = await Held.OpenAsync(Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/hook");
        await held.EndJobAsync();

        await held.Relay(allowPrivate: false).SendDueAsync(Cancel);

        _heard.ShouldBeEmpty();
        (await held.DeliveryAsync()).Error!.ShouldContain("private network");
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.0", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    public void Public_addresses_are_told_from_others(string address, bool isPublic) => PublicAddresses.Contains(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Theory]
    [InlineData("file:///etc/passwd", "url-invalid")]
    [InlineData("http://user:password@example.org/", "url-invalid")]
    [InlineData("example.org", "url-invalid")]
    [InlineData("http://localhost/", "url-private")]
    [InlineData("http://2130706433/", "url-private")]
    public void What_is_no_address_for_others_is_refused_at_once(string url, string code) => Should.Throw<ForecastException>(() => OutboundHttp.Checked(url, allowPrivate: false, "url")).Code.ShouldBe(code);

    private sealed record Heard(string Delivery, string Timestamp, string Signature, string Body);

    /// <summary>A store with a webhook.</summary>
    private sealed class Held(TemporaryFolder folder, IForecastStore store, StoredWebhook webhook) : IAsyncDisposable
    {
        public StoredWebhook Webhook => webhook;

        public static async Task<Held> OpenAsync(string url)
        {
            var folder = new TemporaryFolder();
            var store = await SqliteForecastStore.OpenAsync(Path.Combine(folder.Path, "forecast.db"), cancellation: Cancel);
            return new Held(folder, store, await store.Webhooks.AddAsync(url, WebhookSignature.NewSecret(), Cancel));
        }

        public async Task<string> EndJobAsync()
        {
            var job = (await store.Jobs.CreateAsync(new NewJob { Kind = "nothing", SpecJson = "{}" }, Cancel)).Job;
            var claim = (await store.Jobs.ClaimAsync("w", Duration.FromMinutes(1), cancellation: Cancel))!.Claim!;
            (await store.Jobs.FailAsync(claim, "broken", "it broke", Cancel)).ShouldBeTrue();
            return job.Id;
        }

        public WebhookRelay Relay(bool allowPrivate, params Duration[] waits) =>
            new(store.Webhooks, OutboundHttp.Create(allowPrivate, TimeSpan.FromSeconds(10)), waits, (what, why) => throw new InvalidOperationException(what, why));

        public async Task<StoredDelivery> DeliveryAsync() => (await store.Webhooks.DeliveriesAsync(webhook.Id, 1, Cancel))[0];

        public async ValueTask DisposeAsync()
        {
            await store.DisposeAsync();
            folder.Dispose();
        }
    }
}
