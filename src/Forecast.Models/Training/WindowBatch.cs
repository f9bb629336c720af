using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>
/// Windows of a panel in their own units: z = (y - mean) / sd with mean and deviation of the look-back's observed values, so that a
/// network sees neither level nor unit (Kim et al. 2022 call the pair of this and its inverse "reversible instance normalisation").
/// </summary>
/// <param name="Past">[B, L, C]: z of the target, observed 0/1 where the panel has gaps, past covariates in units of their window, channels known ahead.</param>
/// <param name="Future">[B, H, D]: channels known ahead; null when there are none.</param>
/// <param name="Targets">[B, H] in units of the window; any finite number where missing.</param>
/// <param name="Weights">[B, H]: 0 where the target is missing or the look-back does not move; else 1.</param>
/// <param name="Mean">[B, 1] of the look-back, in units of the buffer.</param>
/// <param name="Series">[B], int64: place of the series in the panel.</param>
/// <param name="Sd">[B, 1] of the look-back, in units of the buffer; 0 where it does not move.</param>
public sealed record WindowBatch(Tensor Past, Tensor? Future, Tensor Targets, Tensor Weights, Tensor Series, Tensor Mean, Tensor Sd);
