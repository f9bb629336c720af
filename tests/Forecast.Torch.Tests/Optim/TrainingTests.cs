using Forecast.Torch.Tests.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Optim;

/// <summary>Training steps in a scope leave nothing behind and lead somewhere.</summary>
[Collection(nameof(Seeded))]
public class TrainingTests
{
    [Theory]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("sgd")]
    public void A_small_network_learns_and_leaves_no_tensor_behind(string name)
    {
        manual_seed(5);
        using var net = new Forecaster().to(TestDevice.Device);
        using var x = randn([32, 6, 2], device: TestDevice.Device);
        using var y = Target(x);
        using OptimizerHelper optimizer = name switch
        {
            "adam" => optim.Adam(net.parameters(), 0.02),
            "adamw" => optim.AdamW(net.parameters(), 0.02, weight_decay: 1e-3),
            _ => optim.SGD(net.parameters(), 0.2, momentum: 0.9),
        };
        var schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, 60);
        double first = 0, last = 0;
        long warm = 0;
        for (var i = 0; i < 60; i++)
        {
            using (NewDisposeScope())
            {
                optimizer.zero_grad();
                var loss = nn.functional.mse_loss(net.call(x), y);
                loss.backward();
                nn.utils.clip_grad_norm_(net.parameters(), 1.0);
                optimizer.step();
                last = loss.ToDouble();
                if (i == 0) first = last;
            }

            schedule.step();

            // The first step makes the gradients and running averages that stay.
            if (i == 1) warm = Tensor.TotalCount;
        }

        Tensor.TotalCount.ShouldBe(warm, "tensors that live after a step");
        last.ShouldBeLessThan(first / 5, $"loss fell from {first:g3}");
    }

    private static Tensor Target(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.mean([1]).sum(1, keepdim: true).tanh().MoveToOuterDisposeScope();
    }

    private sealed class Forecaster : nn.Module<Tensor, Tensor>
    {
        private readonly LSTM lstm = nn.LSTM(2, 8, batchFirst: true);
        private readonly Sequential head = nn.Sequential(nn.LayerNorm(8), nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 1));

        public Forecaster() : base(nameof(Forecaster)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var (output, _, _) = lstm.call(input);
            return head.call(output.select(1, -1));
        }
    }
}
