using Forecast.Core;
using NodaTime;

namespace Forecast.Store.Webhooks;

/// <summary>
/// Addresses that are told when jobs end, and what is still to be told them. A delivery is written in the transaction that ends the job,
/// so that none is lost and none speaks of an end that was taken back; it may be sent more than once, and its id tells.
/// </summary>
public interface IWebhookStore
{
    /// <param name="url">Address.</param>
    /// <param name="secret">Key of its signatures.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<StoredWebhook> AddAsync(string url, string secret, CancellationToken cancellation = default);

    /// <summary>The webhook, or null.</summary>
    Task<StoredWebhook?> FindAsync(string id, CancellationToken cancellation = default);

    /// <summary>All of them, oldest first.</summary>
    Task<IReadOnlyList<StoredWebhook>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Removes a webhook with what was still to be sent.</summary>
    /// <exception cref="ForecastException"><c>webhook-unknown</c>.</exception>
    Task DeleteAsync(string id, CancellationToken cancellation = default);

    /// <summary>The latest deliveries of a webhook, latest first.</summary>
    /// <exception cref="ForecastException"><c>webhook-unknown</c>.</exception>
    Task<IReadOnlyList<StoredDelivery>> DeliveriesAsync(string id, int limit, CancellationToken cancellation = default);

    /// <summary>Takes deliveries that are due, for as long as the lease lasts, and counts the attempt.</summary>
    Task<IReadOnlyList<DueDelivery>> TakeAsync(int limit, Duration lease, CancellationToken cancellation = default);

    /// <summary>Writes down what became of an attempt.</summary>
    /// <param name="due">The delivery as it was taken; one that another has taken since is left alone.</param>
    /// <param name="status">HTTP status; null = no answer.</param>
    /// <param name="error">What went wrong; null = delivered.</param>
    /// <param name="next">When to try again; null = no more.</param>
    /// <param name="cancellation">Gives up.</param>
    Task SettleAsync(DueDelivery due, int? status, string? error, Instant? next, CancellationToken cancellation = default);
}

/// <summary>A webhook.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Url">Address.</param>
/// <param name="Secret">Key of its signatures.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record StoredWebhook(string Id, string Tenant, string Url, string Secret, Instant CreatedAt);

/// <summary>How far a delivery is.</summary>
public enum DeliveryState
{
    /// <summary>Not sent yet, or to be tried again.</summary>
    Waiting,

    Delivered,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>A delivery.</summary>
/// <param name="Id">Its id, which the receiver gets.</param>
/// <param name="JobId">The job that ended.</param>
/// <param name="State">How far it is.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Status">HTTP status of the last answer.</param>
/// <param name="Error">What went wrong the last time.</param>
/// <param name="NextAt">When it is tried next, while it waits.</param>
/// <param name="CreatedAt">When the job ended.</param>
/// <param name="EndedAt">When it was delivered or given up.</param>
public sealed record StoredDelivery(string Id, string JobId, DeliveryState State, int Attempts, int? Status, string? Error, Instant? NextAt, Instant CreatedAt, Instant? EndedAt);

/// <summary>A delivery that somebody has taken to send it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">Address.</param>
/// <param name="Secret">Key of the signature.</param>
/// <param name="Body">What is sent.</param>
/// <param name="Attempt">1, 2, 3, ...</param>
public sealed record DueDelivery(string Id, string Url, string Secret, string Body, int Attempt);
