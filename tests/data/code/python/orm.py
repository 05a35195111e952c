"""None of these is a language model."""
from django.db import models
from pydantic import BaseModel
from sqlalchemy.orm import relationship


class Car(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    model = models.CharField(max_length=50, default="Model 3")
    make = "Tesla"

    class Meta:
        model = "User"
        verbose_name = "car model"


class CarForm(BaseModel):
    model: str = "A4 2.0 TDI"
    model_config = {"extra": "forbid", "protected_namespaces": ()}

    def dump(self):
        return self.model_dump(mode="json")


cars = relationship("Car", back_populates="owner")
serializer(model="app.Order", fields="__all__")
robot = load(model="robot_arm.glb", data_model="OrderV2")
printer = Printer(model="ender-3-v2", MODEL="X1C")
clf = joblib.load(model_path="models/gpt-4o.pkl")
clf = AutoModel.from_pretrained("./checkpoints/claude-2.1")
clf = SentenceTransformer("/models/text-embedding-3-small")
svc = SVC(kernel="rbf", model="linear")
url = "https://example.org/model/gpt-4o"
pkg = ["gpt-4all", "llama-index==0.11.2", "2.5", "4.1.0"]
