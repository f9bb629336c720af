using Forecast.Core;
using Forecast.Store.Jobs;
using Forecast.Store.Tests.Support;
using Forecast.Store.Webhooks;
using NodaTime;

namespace Forecast.Store.Tests;

public abstract class WebhookStoreTests(StoreKind kind)
{
    [Fact]
    public async Task Each_end_of_a_job_is_to_be_told_once_to_each_webhook_of_its_tenant()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync(new StepClock(Duration.FromSeconds(1)));
        var (acme, beta) = (store.ForTenant("acme"), store.ForTenant("beta"));
        var first = await acme.Webhooks.AddAsync("https://a.example/", "s1", TempStore.Cancellation);
        await acme.Webhooks.AddAsync("https://b.example/", "s2", TempStore.Cancellation);
        await beta.Webhooks.AddAsync("https://c.example/", "s3", TempStore.Cancellation);
        var waiting = (await acme.Jobs.CreateAsync(new NewJob { Kind = "k", SpecJson = "{}" }, TempStore.Cancellation)).Job;
        (await store.Webhooks.TakeAsync(10, Duration.FromHours(1), TempStore.Cancellation)).ShouldBeEmpty("nothing has ended");

        await acme.Jobs.RequestCancelAsync(waiting.Id, TempStore.Cancellation);

        var due = await store.Webhooks.TakeAsync(10, Duration.FromHours(1), TempStore.Cancellation);
        due.Select(d => (d.Url, d.Secret, d.Attempt)).ShouldBe([("https://a.example/", "s1", 1), ("https://b.example/", "s2", 1)], ignoreOrder: true);
        due.ShouldAllBe(d => d.Body.Contains("job.cancelled") && d.Body.Contains(waiting.Id));
        (await store.Webhooks.TakeAsync(10, Duration.FromHours(1), TempStore.Cancellation)).ShouldBeEmpty("they are in hand");

        var own = due.Single(d => d.Secret == "s1");
        await store.Webhooks.SettleAsync(own with { Attempt = 7 }, 204, null, null, TempStore.Cancellation);
        (await acme.Webhooks.DeliveriesAsync(first.Id, 9, TempStore.Cancellation)).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Waiting, "another attempt than the one that was taken");
        await store.Webhooks.SettleAsync(own, 204, null, null, TempStore.Cancellation);
        (await acme.Webhooks.DeliveriesAsync(first.Id, 9, TempStore.Cancellation)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Delivered), d => d.JobId.ShouldBe(waiting.Id));
        (await Should.ThrowAsync<ForecastException>(() => beta.Webhooks.DeliveriesAsync(first.Id, 9, TempStore.Cancellation))).Code.ShouldBe("webhook-unknown");
        (await Should.ThrowAsync<ForecastException>(() => beta.Webhooks.DeleteAsync(first.Id, TempStore.Cancellation))).Code.ShouldBe("webhook-unknown");
        await acme.Webhooks.DeleteAsync(first.Id, TempStore.Cancellation);
        (await acme.Webhooks.ListAsync(TempStore.Cancellation)).ShouldHaveSingleItem().Url.ShouldBe("https://b.example/");
    }
}

public sealed class WebhookStoreOnSqliteTests() : WebhookStoreTests(StoreKind.Sqlite);

public sealed class WebhookStoreOnPostgresTests() : WebhookStoreTests(StoreKind.Postgres);
