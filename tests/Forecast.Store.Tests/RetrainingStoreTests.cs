using Forecast.Core;
using Forecast.Store.Jobs;
using Forecast.Store.Retrainings;
using Forecast.Store.Schedules;
using Forecast.Store.Tests.Support;
using NodaTime;

namespace Forecast.Store.Tests;

public abstract class RetrainingStoreTests(StoreKind kind)
{
    [Fact]
    public async Task An_outcome_is_written_once_decided_once_and_seen_by_its_tenant_alone()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync(new StepClock(Duration.FromSeconds(1)));
        var (acme, beta) = (store.ForTenant("acme"), store.ForTenant("beta"));
        var schedule = await acme.Schedules.CreateAsync(new NewSchedule("s", "retraining", "0 6 * * *", "UTC", MisfirePolicy.Once, "{}"), TempStore.Cancellation);
        await store.Schedules.FireAsync(schedule.Id, Instant.FromUtc(2026, 1, 1, 6, 0), TempStore.Cancellation);
        var job = (await acme.Schedules.JobsAsync(schedule.Id, 1, TempStore.Cancellation))[0].Job;
        job.Tenant.ShouldBe("acme");

        var made = await acme.Retrainings.AddAsync(new NewRetraining(job.Id, "acme", "oil", 3, RetrainingState.Awaiting, "passes", """{"a":1}"""), TempStore.Cancellation);
        made.ShouldSatisfyAllConditions(r => r.ScheduleId.ShouldBe(schedule.Id), r => r.Candidate.ShouldBe(3), r => r.State.ShouldBe(RetrainingState.Awaiting), r => r.FindingsJson.ShouldBe("""{"a":1}"""), r => r.DecidedAt.ShouldBeNull());
        (await acme.Retrainings.AddAsync(new NewRetraining(job.Id, "acme", "oil", 4, RetrainingState.Promoted, "again", "{}"), TempStore.Cancellation)).ShouldBe(made);
        var plain = (await acme.Jobs.CreateAsync(new NewJob { Kind = "retraining", SpecJson = "{}" }, TempStore.Cancellation)).Job;
        var kept = await acme.Retrainings.AddAsync(new NewRetraining(plain.Id, "acme", "gas", null, RetrainingState.Kept, "no drift", "{}"), TempStore.Cancellation);
        kept.ShouldSatisfyAllConditions(r => r.ScheduleId.ShouldBeNull(), r => r.Candidate.ShouldBeNull());

        (await acme.Retrainings.ListAsync(cancellation: TempStore.Cancellation)).Items.ShouldBe([kept, made]);
        (await acme.Retrainings.ListAsync(new PageRequest { Limit = 1 }, cancellation: TempStore.Cancellation)).ShouldSatisfyAllConditions(p => p.Items.ShouldBe([kept]), p => p.Next.ShouldNotBeNull());
        (await acme.Retrainings.ListAsync(name: "oil", cancellation: TempStore.Cancellation)).Items.ShouldBe([made]);
        (await acme.Retrainings.LatestAsync(schedule.Id, TempStore.Cancellation)).ShouldBe(made);
        (await beta.Retrainings.FindAsync(job.Id, TempStore.Cancellation)).ShouldBeNull();
        (await beta.Retrainings.ListAsync(cancellation: TempStore.Cancellation)).Items.ShouldBeEmpty();
        (await Should.ThrowAsync<ForecastException>(() => beta.Retrainings.DecideAsync(job.Id, RetrainingState.Promoted, "mine", null, TempStore.Cancellation))).Code.ShouldBe("retraining-unknown");

        var decided = await acme.Retrainings.DecideAsync(job.Id, RetrainingState.Rejected, "not now", "key", TempStore.Cancellation);
        decided.ShouldSatisfyAllConditions(r => r.State.ShouldBe(RetrainingState.Rejected), r => r.Reason.ShouldBe("not now"), r => r.DecidedBy.ShouldBe("key"), r => r.DecidedAt.ShouldNotBeNull());
        (await Should.ThrowAsync<ForecastException>(() => acme.Retrainings.DecideAsync(job.Id, RetrainingState.Promoted, "after all", "key", TempStore.Cancellation))).Code.ShouldBe("retraining-decided");
        (await Should.ThrowAsync<ForecastException>(() => acme.Retrainings.DecideAsync(plain.Id, RetrainingState.Promoted, "why not", "key", TempStore.Cancellation))).Code.ShouldBe("retraining-decided");
    }
}

public sealed class RetrainingStoreOnSqliteTests() : RetrainingStoreTests(StoreKind.Sqlite);

public sealed class RetrainingStoreOnPostgresTests() : RetrainingStoreTests(StoreKind.Postgres);
