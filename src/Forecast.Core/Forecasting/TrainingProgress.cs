namespace Forecast.Core.Forecasting;

/// <summary>Where the training of a network stands.</summary>
/// <param name="Model">Model string, or which part of it is being trained.</param>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Epochs">Epochs planned; training may stop earlier.</param>
/// <param name="Loss">Mean training loss of the last epoch.</param>
/// <param name="ValidationLoss">Loss on the validation span; NaN without one.</param>
/// <param name="Remaining">Time that the remaining epochs will take at the pace so far.</param>
public sealed record TrainingProgress(string Model, int Epoch, int Epochs, double Loss, double ValidationLoss, TimeSpan Remaining);
