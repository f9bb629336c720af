using NodaTime;

namespace Forecast.Backtest.Strategies;

/// <summary>A wanted weight, and what was known when it was wanted.</summary>
/// <param name="Asset">Place of the asset in its <see cref="PriceTable"/>.</param>
/// <param name="DecidedAt">When the decision was made; it is filled at a price of this time or later.</param>
/// <param name="KnownUpTo">The latest publication that the decision read; the certificate objects if it is later than <paramref name="DecidedAt"/>.</param>
/// <param name="Weight">Share of the equity to hold in the asset; negative = short.</param>
public readonly record struct Decision(int Asset, Instant DecidedAt, Instant KnownUpTo, double Weight);
