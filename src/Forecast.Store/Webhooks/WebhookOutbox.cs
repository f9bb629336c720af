using System.Text.Json;
using Forecast.Store.Database;
using Forecast.Store.Jobs;

namespace Forecast.Store.Webhooks;

/// <summary>Writes what the webhooks of a job's tenant are to be told, inside the transaction that ends the job.</summary>
internal static class WebhookOutbox
{
    public static async Task AddAsync(StoreSession session, string jobId, long now)
    {
        var webhooks = await session.QueryAsync<string>("SELECT id FROM webhooks WHERE tenant = (SELECT tenant FROM jobs WHERE id = @jobId)", new { jobId });
        if (webhooks.Count == 0) return;
        var job = (await session.FirstAsync<JobRow>($"{JobRow.Select} WHERE id = @jobId", new { jobId }))!.ToJob();
        foreach (var webhookId in webhooks)
        {
            var id = NewId.Next();
            await session.ExecuteAsync(
                """
                INSERT INTO webhook_deliveries (id, webhook_id, job_id, body, state, attempts, next_at, created_at)
                VALUES (@id, @webhookId, @jobId, @body, 'waiting', 0, @now, @now) ON CONFLICT DO NOTHING
                """,
                new { id, webhookId, jobId, body = Body(id, job), now });
        }
    }

    /// <summary>No value of anybody's data: who wants more asks the API with a key.</summary>
    private static string Body(string id, StoredJob job)
    {
        var state = StoredText.Word(job.State);
        return JsonSerializer.Serialize(new
        {
            id,
            @event = $"job.{state}",
            job = new
            {
                id = job.Id,
                kind = job.Kind,
                state,
                runId = job.RunId,
                errorCode = job.ErrorCode,
                createdAt = job.CreatedAt.ToString(),
                finishedAt = job.FinishedAt?.ToString(),
            },
        });
    }
}
