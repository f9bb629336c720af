using Forecast.Api.Access;
using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Problems;
using Forecast.Api.Reading;
using Forecast.Core;
using Forecast.Hosting;
using Forecast.Hosting.Keys;
using Forecast.Hosting.Net;
using Forecast.Hosting.Webhooks;
using Forecast.Store;
using Forecast.Store.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/webhooks</c>: addresses that are told when jobs end.</summary>
internal static class WebhookRoutes
{
    private const int DeliveriesTold = 50;

    public static void MapWebhooks(this RouteGroupBuilder v1)
    {
        var webhooks = v1.MapGroup("/webhooks").WithTags("webhooks");
        webhooks.MapGet("/", ListAsync).WithName("webhooks").WithSummary("Webhooks, oldest first");
        webhooks.MapPost("/", CreateAsync).Accepts<WebhookBody>("application/json").Refuses(400, 413, 415, 422, 503).Needs(ApiKey.JobScope)
            .WithName("createWebhook").WithSummary("Has an address told when jobs end")
            .WithDescription("Each delivery is signed: 'Forecast-Signature' is 'v1=' and the HMAC-SHA256, in hex, under the secret over 'Forecast-Timestamp', a dot and the body. What is not answered by 2xx is tried again for a day and a half; the same 'Forecast-Delivery' may come twice.");
        webhooks.MapGet("/{id}", FindAsync).Refuses(404).WithName("webhook").WithSummary("A webhook with its latest deliveries");
        webhooks.MapDelete("/{id}", RemoveAsync).Refuses(404).Needs(ApiKey.JobScope).WithName("removeWebhook").WithSummary("Removes a webhook with what was still to be sent");
    }

    private static async Task<Ok<WebhookList>> ListAsync(IForecastStore store, CancellationToken cancellation) =>
        TypedResults.Ok(new WebhookList([.. (await store.Webhooks.ListAsync(cancellation)).Select(w => Of(w))]));

    private static async Task<Created<WebhookAnswer>> CreateAsync(HttpContext context, IForecastStore store, ApiLimits limits)
    {
        var url = await JsonBody.ReadAsync(context.Request, body =>
        {
            var text = body.Text("url", limits.TextLength, required: true);
            body.Close();
            return text;
        });
        try
        {
            OutboundHttp.Checked(url!, ForecastHome.PrivateAddresses, "url");
        }
        catch (ForecastException e)
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, [new Fault("/url", e.Code, e.Message)]);
        }

        var made = await store.Webhooks.AddAsync(url!, WebhookSignature.NewSecret(), context.RequestAborted);
        return TypedResults.Created($"/v1/webhooks/{made.Id}", Of(made) with { Secret = made.Secret });
    }

    private static async Task<Ok<WebhookAnswer>> FindAsync(IForecastStore store, string id, CancellationToken cancellation)
    {
        var found = await store.Webhooks.FindAsync(id, cancellation) ?? throw new ForecastException("webhook-unknown", $"there is no webhook '{id}'", "id");
        return TypedResults.Ok(Of(found, await store.Webhooks.DeliveriesAsync(id, DeliveriesTold, cancellation)));
    }

    private static async Task<NoContent> RemoveAsync(IForecastStore store, string id, CancellationToken cancellation)
    {
        await store.Webhooks.DeleteAsync(id, cancellation);
        return TypedResults.NoContent();
    }

    private static WebhookAnswer Of(StoredWebhook webhook, IReadOnlyList<StoredDelivery>? deliveries = null) => new()
    {
        Id = webhook.Id,
        Url = webhook.Url,
        CreatedAt = Numbers.Text(webhook.CreatedAt),
        Deliveries = deliveries is null ? null : [.. deliveries.Select(Of)],
    };

    private static DeliveryBody Of(StoredDelivery delivery) => new()
    {
        Id = delivery.Id,
        JobId = delivery.JobId,
        State = Numbers.Word(delivery.State),
        Attempts = delivery.Attempts,
        Status = delivery.Status,
        Error = delivery.Error,
        NextAt = Numbers.Text(delivery.NextAt),
        CreatedAt = Numbers.Text(delivery.CreatedAt),
        EndedAt = Numbers.Text(delivery.EndedAt),
    };
}
